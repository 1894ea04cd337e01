"""Doing one step for many rows, so that one bad row stops none of the others."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

Row = TypeVar("Row")


def all_or_each(step: Callable[[Sequence[Row]], Any], rows: Sequence[Row]) -> None:
    """Does `step`, a whole transaction, for all rows at once; if that fails, for each by itself, logging what fails.

    With a single row the failure is the caller's to handle.
    """
    if len(rows) <= 1:
        if rows:
            step(rows)
        return
    try:
        step(rows)
    except Exception:
        logger.exception("a batch of %s failed: each by itself", len(rows))
        for row in rows:
            _attempt(step, row)


def _attempt(step: Callable[[Sequence[Row]], Any], row: Row) -> None:
    try:
        step([row])
    except Exception:
        logger.exception("it fails for %s", row)
