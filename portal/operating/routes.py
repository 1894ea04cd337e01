"""What a request is called where nobody may read its path: by its route, with the names of what stands in it."""

from typing import Any

from django.conf import settings

UNKNOWN = "(no such address)"


def pattern_of(request: Any) -> str:
    """`/en/garage/<public_id>/` and the like; what was typed is not in it."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else UNKNOWN


def name_of(request: Any) -> str:
    """The route's name, of which there are as many as lines in `urls.py`."""
    match = getattr(request, "resolver_match", None)
    if match:
        return match.view_name or "unnamed"
    return "static" if request.path.startswith(settings.STATIC_URL) else "unknown"
