"""Moving an end later as goodwill: which ends, and by how much (K3)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from subscriptions.rules.lifecycle import IN_SERVICE, Status


class Obstacle(StrEnum):
    NOT_RUNNING = "not_running"
    # S5: its charge dates are those of the contract; what is missed of it is refunded instead.
    RENEWS = "renews"
    TOO_LONG = "too_long"
    # The end is that of something else: its base, its package, an order that begins on that day.
    BEYOND = "beyond"


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What has its end. `latest` is the day beyond which it cannot go on, if there is one; days are goodwill's."""

    status: Status
    ends_on: date | None
    extended_days: int
    latest: date | None


def extend(ending: Ending, *, days: int, most_days: int, today: date) -> date | Obstacle:
    """The new first day without service; nothing is charged for it, and the contract's dates stay (S5)."""
    if ending.status not in IN_SERVICE or ending.status is Status.PAST_DUE:
        return Obstacle.NOT_RUNNING
    if ending.ends_on is None:
        return Obstacle.RENEWS
    if ending.ends_on <= today:
        return Obstacle.NOT_RUNNING
    if not 1 <= days <= most_days - ending.extended_days:
        return Obstacle.TOO_LONG
    to = ending.ends_on + timedelta(days=days)
    return Obstacle.BEYOND if ending.latest is not None and to > ending.latest else to
