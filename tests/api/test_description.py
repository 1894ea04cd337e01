"""The OpenAPI description tells what is so: each example is an instance of its call's schema."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker

from tests.meta.test_layout import ROOT

# Described by their schemas alone.
PLAIN = {
    "/api/v1/account/",
    "/api/v1/notices/",
    "/api/v1/notices/{public_id}/read/",
    "/api/v1/granted-vehicles/",
    "/api/v1/granted-vehicles/{grant}/{kind}/",
    "/api/v1/vehicle-reports/",
    "/api/v1/trips/",
    "/api/v1/connectivity/{vin}/",
    # Files.
    "/api/v1/subscriptions/{public_id}/contract.pdf",
    "/api/v1/documents/{public_id}.pdf",
    "/api/v1/old-documents/{public_id}.pdf",
    "/api/v1/cases/{public_id}/files/{file}/",
}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return json.loads(Client().get(reverse("api_schema")).content)


def bodies(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each JSON body that is sent or answered, by a name of its own."""
    for path, calls in described["paths"].items():
        for method, call in calls.items():
            for kind in call.get("requestBody", {}).get("content", {}).values():
                yield f"{method} {path}", kind
            for status, answer in call["responses"].items():
                for kind in answer.get("content", {}).values() if status != "default" else ():
                    yield f"{method} {path} {status}", kind


def faults(described: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    whole = schema | {"components": described["components"]}
    checker = Draft202012Validator(whole, format_checker=FormatChecker())
    return [error.message for error in checker.iter_errors(value)]


def test_every_example_is_what_its_schema_says(described):
    shown = 0
    for name, kind in bodies(described):
        for title, example in kind.get("examples", {}).items():
            assert (name, title, faults(described, kind["schema"], example["value"])) == (name, title, [])
            unknown = _unknown(described, kind["schema"], example["value"])
            assert (name, title, unknown) == (name, title, set())
            shown += 1
    assert shown > 30


def test_every_other_body_has_an_example(described):
    without = {name for name, kind in bodies(described) if not kind.get("examples") and name.split()[1] not in PLAIN}
    assert without == set()


def test_a_wrong_example_would_be_found(described):
    kind = described["paths"]["/api/v1/vehicles/{public_id}/"]["get"]["responses"]["200"]["content"]["application/json"]
    value = next(iter(kind["examples"].values()))["value"]
    assert faults(described, kind["schema"], value) == []
    assert faults(described, kind["schema"], value | {"standing": "king"})
    assert _unknown(described, kind["schema"], value | {"owner": "Eleni"}) == {"owner"}


def _unknown(described: dict[str, Any], schema: dict[str, Any], value: Any) -> set[str]:
    """What the example has and the schema does not, on its first level."""
    named = described["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    return set(value) - set(named.get("properties", value))


def test_docs_name_every_call_with_its_methods_and_scopes(described):
    lines = _with_one_id((ROOT / "docs" / "api.md").read_text()).splitlines()
    for path, calls in described["paths"].items():
        rows = " ".join(line for line in lines if f" {_with_one_id(path)}`" in line and line.startswith("|"))
        for method, call in calls.items():
            assert (path, f"`{method.upper()}" in rows) == (path, True)
            for scheme in call.get("security", []):
                assert (path, all(f"`{scope}`" in rows for scope in scheme["bearer"])) == (path, True)


def _with_one_id(text: str) -> str:
    return re.sub(r"\{\w+\}", "{id}", text)
