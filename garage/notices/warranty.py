"""Reminds of the warranty's anniversary, and of its last day: thirty days before, each once (G8, N2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from accounts.notices.kinds import tell
from garage.maintenance import plan_of, read_plans, warranty_of
from garage.models import MaintenancePlan, Membership
from garage.notices.maintenance import active_links, told_before
from garage.notices.sharing import path_for
from garage.rules.maintenance import is_to_remind, next_anniversary
from portal.batches import all_or_each

KIND = "warranty"


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """`years` since the warranty began; None for its last day."""

    on: date
    years: int | None


def remind_of_warranty(*, now: datetime) -> None:
    """All cars that somebody controls, some hundreds at a time: one that fails stops no other."""
    plans = read_plans()
    for links in active_links():
        all_or_each(partial(_remind, plans=plans, now=now), links)


@transaction.atomic
def _remind(links: Sequence[Membership], *, plans: list[MaintenancePlan], now: datetime) -> None:
    coming = [(link, occasion) for link in links for occasion in _coming(link, plans, now=now)]
    told = told_before(KIND, [link for link, _occasion in coming])
    for link, occasion in coming:
        if (link.account_id, _key(link), occasion.on) not in told:
            _tell(link, occasion, now=now)


def _coming(link: Membership, plans: list[MaintenancePlan], *, now: datetime) -> Iterator[Occasion]:
    """Where the warranty ends with the year, its last day alone is told."""
    vehicle, today = link.vehicle, link.account.market.local_date(now)
    guarantee = warranty_of(vehicle, plan_of(vehicle, plans), today=today)
    ends_on = guarantee.ends_on if guarantee else None
    if ends_on and is_to_remind(due_on=ends_on - timedelta(days=1), today=today):
        yield Occasion(on=ends_on - timedelta(days=1), years=None)
    start = vehicle.counted_from
    anniversary = next_anniversary(start.on, today=today) if start else None
    if anniversary and anniversary.on != ends_on and is_to_remind(due_on=anniversary.on, today=today):
        yield Occasion(on=anniversary.on, years=anniversary.years)


def _tell(link: Membership, occasion: Occasion, *, now: datetime) -> None:
    tell(
        account=link.account,
        kind=KIND,
        subject_key=_key(link),
        event_on=occasion.on,
        now=now,
        vehicle_label=link.label,
        day_on=occasion.on,
        years=occasion.years,
        url=path_for(link.account, "service", link.public_id),
    )


def _key(link: Membership) -> str:
    return f"warranty-{link.vehicle.public_id}"
