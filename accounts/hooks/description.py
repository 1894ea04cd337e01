"""The webhooks as OpenAPI 3.1 says them: made of the table of kinds, and added to the description of the API."""

from typing import Any
from uuid import UUID

from accounts.hooks.kinds import KINDS, Kind

_ID = {"type": "string", "format": "uuid"}
_SAMPLE_ID = str(UUID(int=0x1234, version=4))
_SAMPLE_MOMENT = "2026-06-10T09:00:00+00:00"
HEADERS = {
    "webhook-id": "The event's id, the same at every try: what has been seen is answered with 2xx and left.",
    "webhook-timestamp": "Seconds since 1970 at this try. Refuse what is more than five minutes off.",
    "webhook-signature": "One or two signatures, parted by a space: v1, a comma, and HMAC-SHA256 in Base64.",
}
_ANSWERS = {
    "2XX": {"description": "Taken. Any other answer, a redirect too, is a failure, and it is sent again."},
    "410": {"description": "The address is gone: it is told nothing more."},
}


def with_webhooks(result: dict[str, Any], generator: Any, **_facts: Any) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular."""
    return result | {"webhooks": {name: {"post": _call(kind)} for name, kind in sorted(KINDS.items())}}


def body_example(kind: Kind) -> dict[str, Any]:
    ids = dict.fromkeys(kind.names, _SAMPLE_ID)
    return {"id": _SAMPLE_ID, "type": kind.name, "timestamp": _SAMPLE_MOMENT, "data": ids}


def _call(kind: Kind) -> dict[str, Any]:
    body = {"schema": _schema(kind), "examples": {"event": {"value": body_example(kind)}}}
    return {
        "operationId": f"webhook_{kind.name.replace('.', '_')}",
        "description": kind.text,
        "tags": ["webhooks"],
        "parameters": [_header(name, text) for name, text in HEADERS.items()],
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": _ANSWERS,
    }


def _header(name: str, text: str) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": True, "schema": {"type": "string"}, "description": text}


def _schema(kind: Kind) -> dict[str, Any]:
    data = _object(dict.fromkeys(kind.names, _ID))
    moment = {"type": "string", "format": "date-time", "description": "When it happened."}
    return _object({"id": _ID, "type": {"const": kind.name}, "timestamp": moment, "data": data})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}
