"""What happens to the control of cars by itself: every step finds its work in the database, as the charging run's."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from garage.actions.drivers import drivers_over, end_driver_if_over
from subscriptions.actions.control import deadlines_coming, deadlines_met, meet_deadline, warn_of_deadline
from subscriptions.actions.trade_in import release_if_due, trade_ins_due

logger = logging.getLogger(__name__)


def control_run(*, now: datetime) -> None:
    """V4, G12, K1: what is due, then what is told a day before it is."""
    _each(meet_deadline, "transfer_id", deadlines_met(now=now), now=now)
    _each(warn_of_deadline, "transfer_id", deadlines_coming(now=now), now=now)
    _each(release_if_due, "trade_id", trade_ins_due(now=now), now=now)
    _each(end_driver_if_over, "access_id", drivers_over(now=now), now=now)


def _each(action: Callable[..., Any], name: str, ids: Iterable[int], *, now: datetime) -> None:
    """One bad row stops none of the others: it is logged, and found again by the next run."""
    for row_id in ids:
        try:
            action(**{name: row_id}, now=now)
        except Exception:
            logger.exception("%s failed: %s", action.__name__, row_id)
