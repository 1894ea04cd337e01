"""What cars reported goes when its time is over, and with the account whose it was (G10, D4, A6)."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Account
from garage.models import ControlPeriod, Vehicle, VehicleAlert, VehiclePrivacy, VehicleReport, VehicleState
from garage.own_time import own
from garage.rules.reports import GROUPS, MOMENTS, kept_since
from portal import audit

AT_A_TIME = 1000


def forget_reports(*, now: datetime) -> int:
    """Nightly: deletes what arose before the months of keeping; how many rows. Safe to repeat, and to be killed."""
    count = sum(_forget(rows, now=now) for rows in _over(now))
    _blank_old_values(now)
    return count


def forget_reports_of(account: Account, now: datetime) -> None:
    """Within the closing's transaction (A6): nobody can come for it any more. Privacy Mode is the car's."""
    periods = ControlPeriod.objects.filter(account=account)
    VehicleState.objects.filter(period__in=periods).delete()
    for vehicle in Vehicle.objects.filter(pk__in=periods.values("vehicle")):
        own(VehicleReport.objects.all(), account=account, vehicle=vehicle, field="at").delete()
        own(VehicleAlert.objects.all(), account=account, vehicle=vehicle, field="at").delete()


def _over(now: datetime) -> "Iterator[QuerySet[VehicleReport] | QuerySet[VehicleAlert] | QuerySet[VehiclePrivacy]]":
    oldest = kept_since(now)
    yield VehicleReport.objects.filter(at__lt=oldest)
    yield VehicleAlert.objects.filter(at__lt=oldest)
    # As it was last switched it is still, however long ago that was (D2).
    later = VehiclePrivacy.objects.filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")), vehicle=OuterRef("vehicle")
    )
    yield VehiclePrivacy.objects.filter(Exists(later), at__lt=oldest)


def _forget(
    rows: "QuerySet[VehicleReport] | QuerySet[VehicleAlert] | QuerySet[VehiclePrivacy]", *, now: datetime
) -> int:
    count = 0
    while batch := list(rows.values_list("pk", flat=True)[:AT_A_TIME]):
        with transaction.atomic():
            rows.model._default_manager.filter(pk__in=batch).delete()
            what = rows.model._meta.label_lower
            audit.record("reports forgotten", account=None, by=None, now=now, model=what, count=len(batch))
        count += len(batch)
    return count


def _blank_old_values(now: datetime) -> None:
    """Of the last state, a value that nothing has renewed goes with the report that told it."""
    oldest = kept_since(now)
    for group, names in GROUPS.items():
        blank = dict.fromkeys((*names, f"{group}_at"))
        VehicleState.objects.filter(**{f"{group}_at__lt": oldest}).update(**blank)
    VehicleState.objects.filter(**{f"{moment}__isnull": True for moment in MOMENTS}).delete()
