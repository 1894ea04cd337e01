"""Examples in the OpenAPI description; tests/api/test_description.py holds each to its call's schemas."""

from typing import Any

from drf_spectacular.utils import OpenApiExample


def answers(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200", "201", "202"])


def asks(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)
