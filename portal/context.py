"""What the frame of every page shows: brand, sections, garage, notices, languages, footer."""

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    return {}
