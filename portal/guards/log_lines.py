"""A line of the log is one line, whatever somebody typed into what is logged (ASVS 16.4.1)."""

import logging
import re

# What ends a line, or moves a terminal's cursor.
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")


class OneLine(logging.Formatter):
    """A trace stands below, each of its lines begun with a space, so that none looks like an entry."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        return _bent(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802  (logging's name)
        lines = super().formatException(ei).splitlines()  # type: ignore[arg-type]
        return "\n".join(f" {_bent(line)}" for line in lines)


def _bent(text: str) -> str:
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
