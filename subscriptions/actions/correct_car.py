"""Correcting what the registry says of a car, with all that follows for its packages (K3, C2, C4)."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import Account
from accounts.notices.kinds import tell
from garage.actions.correct_facts import correct_facts
from garage.models import Membership, Vehicle
from portal import audit
from subscriptions.centre.free_periods import free_period
from subscriptions.models import Subscription
from subscriptions.notices.telling import path_for
from subscriptions.rules.free_end_moved import corrected_end
from subscriptions.rules.lifecycle import Status


@dataclass(frozen=True, kw_only=True)
class MovedEnd:
    """Of a free period that runs: its end before and after."""

    subscription: Subscription
    before: date
    after: date


def correct_car(
    *, vehicle: Vehicle, facts: Mapping[str, Any], evidence: str, told: str, reason: str, now: datetime, by: Account
) -> Vehicle:
    """The account in control is told, with `told`; `reason` is kept. Raises `Refusal` nothing_changed."""
    with transaction.atomic():
        holders = Subscription.objects.filter(vehicle=vehicle, status=Status.COMPLIMENTARY).values("account")
        list(Account.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=holders).order_by("pk"))
        vehicle = Vehicle.objects.select_for_update(no_key=True).get(pk=vehicle.pk)
        before = copy(vehicle)
        correct_facts(vehicle=vehicle, facts=facts, evidence=evidence, reason=reason, now=now, by=by)
        ends = moved_ends(before, vehicle, now=now)
        for end in ends:
            _move(end, now=now, by=by)
        _tell_active(vehicle, ends, told=told, now=now)
        return vehicle


def moved_ends(old: Vehicle, new: Vehicle, *, now: datetime) -> list[MovedEnd]:
    """Of free periods that run on the car, by its facts before and after; the row of these need not be saved."""
    rows = Subscription.objects.filter(vehicle=old.pk, status=Status.COMPLIMENTARY, ends_on__isnull=False)
    running = rows.select_related("package", "market", "account").order_by("pk")
    ends = [_end_of(row, old, new, now=now) for row in running]
    return [end for end in ends if end.before != end.after]


def _end_of(row: Subscription, old: Vehicle, new: Vehicle, *, now: datetime) -> MovedEnd:
    if row.ends_on is None:
        raise ValueError("a complimentary period has its end from the start")
    by_old, by_new = (free_period(car, row.package, row.market) for car in (old, new))
    after = corrected_end(
        ends_on=row.ends_on,
        by_old_facts=by_old.end_on if by_old else None,
        by_new_facts=by_new.end_on if by_new else None,
        today=row.market.local_date(now),
    )
    return MovedEnd(subscription=row, before=row.ends_on, after=after)


def _move(end: MovedEnd, *, now: datetime, by: Account) -> None:
    row = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=end.subscription.pk)
    row.ends_on = end.after
    row.save(update_fields=["ends_on"])
    audit.record(
        "free end moved",
        account=row.account,
        by=by,
        now=now,
        subject=row,
        package=end.subscription.package.code,
        ended_on=end.before,
        ends_on=end.after,
    )


def _tell_active(vehicle: Vehicle, ends: list[MovedEnd], *, told: str, now: datetime) -> None:
    """The account in control: to anybody else the car's facts are none of theirs (D4)."""
    link = Membership.objects.current().select_related("account__market", "vehicle")
    active = link.filter(vehicle=vehicle, is_active=True).first()
    if active is None:
        return
    tell(
        account=active.account,
        kind="car_facts_corrected",
        subject_key=f"{vehicle.public_id}:{now.isoformat()}",
        event_on=active.account.market.local_date(now),
        now=now,
        vehicle_label=active.label,
        told=told,
        ends=[{"package_name": str(end.subscription.package.name), "ends_on": str(end.after)} for end in ends],
        url=path_for(active.account, "vehicle", active.public_id),
    )
