"""Log lines: one JSON object each in production, with the ids of request, task and account, and no personal data."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from portal.card_numbers import masked as without_card_numbers
from portal.operating import current
from portal.operating.masking import masked
from portal.operating.routes import pattern_of

# Asked for by `extra={"facts": {...}}`; other extras stay out, since Django hands whole requests over.
FACTS = "facts"


class MaskPersonalData(logging.Filter):
    """After the masking of card numbers, which puts the message together; a path becomes its route."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = masked(_with_route(str(record.msg), getattr(record, "request", None)))
        if record.exc_text:
            record.exc_text = masked(record.exc_text)
        return True


def _with_route(text: str, request: Any) -> str:
    """Django names the path of each request that it refuses or that fails."""
    paths = {getattr(request, name, "") for name in ("path", "path_info")} - {"", "/"}
    for path in paths | {without_card_numbers(path) for path in paths}:
        text = text.replace(path, pattern_of(request))
    return text


class JsonLines(logging.Formatter):
    """A line is an object: what breaks lines, or looks like a line of ours, is quoted."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self._fields(record), ensure_ascii=False, default=str)

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        ids = {name: getattr(current, name).get() for name in ("request_id", "task_id", "task_name", "account_id")}
        fields |= {name: value for name, value in ids.items() if value}
        fields |= getattr(record, FACTS, {})
        if trace := self._trace(record):
            fields["trace"] = trace
        return fields

    def _trace(self, record: logging.LogRecord) -> str:
        if record.exc_info and not record.exc_text:
            record.exc_text = masked(self.formatException(record.exc_info))
        return record.exc_text or ""
