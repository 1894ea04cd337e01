"""The service page in words: what is due, what was done, and no kilometre that would prove access (G8, V1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from garage.maintenance import DueWork, counted, done_of, dues_of, history_of, plan_of, read_plans, warranty_of
from garage.models import MaintenancePlan, Membership, ServiceRecord, Vehicle
from garage.own_time import owner_at
from garage.portrait import Fact
from garage.registry import get_registry
from garage.rules.maintenance import Urgency, next_anniversary
from garage.rules.membership import Right
from garage.rules.verification import OdometerReading
from garage.words.refusals import warranty_source_label
from portal.templatetags.frame import day_in_words, number


@dataclass(frozen=True, kw_only=True)
class DueRow:
    name: str
    tone: str
    badge: str | Promise
    when: str
    since: str


@dataclass(frozen=True, kw_only=True)
class DoneRow:
    record: ServiceRecord
    km: str
    works: list[str]
    by: str
    # The reader's own, which only they change.
    is_mine: bool


@dataclass(frozen=True, kw_only=True)
class ServicePage:
    dues: list[DueRow]
    has_plan: bool
    history: list[DoneRow]
    warranty: list[Fact]
    # Where the distance is judged: the car's last reading, for the active account only.
    reading: str


def service_page(membership: Membership, *, now: datetime) -> ServicePage:
    """`membership` has the rights of the page. Of the active account's car the registry is asked for the reading."""
    vehicle, today = membership.vehicle, membership.account.market.local_date(now)
    is_exact = membership.may(Right.VEHICLE_DATA)
    reading = _own_reading(membership) if is_exact else None
    odometer_km = reading.km if reading else None
    plan, records = plan_of(vehicle, read_plans()), list(history_of(vehicle))
    counting = set(counted(history_of(vehicle)).values_list("pk", flat=True))
    history = [done_of(record) for record in records if record.pk in counting]
    works = dues_of(vehicle, plan, history, today=today, odometer_km=odometer_km)
    return ServicePage(
        dues=[_due_row(work, is_exact=is_exact) for work in works],
        has_plan=plan is not None,
        history=[
            _done_row(record, plan, membership, counts=record.pk in counting, is_exact=is_exact) for record in records
        ],
        warranty=list(_warranty(vehicle, plan, today=today, odometer_km=odometer_km)),
        reading=kilometres(reading.km, is_exact=True) if reading else "",
    )


def _own_reading(membership: Membership) -> OdometerReading | None:
    """D4: the last one, unless it was taken in another account's time."""
    reading = get_registry().odometer(membership.vehicle.vin)
    whose = owner_at(membership.vehicle, reading.taken_at) if reading else None
    return reading if whose in (None, membership.account_id) else None


def kilometres(km: int, *, is_exact: bool) -> str:
    """Exact for the active account; for others to the thousand: the reading of yesterday's service would prove
    access, and with it control (V1, V4)."""
    if is_exact:
        return _("%(km)s km") % {"km": number(km)}
    return _("about %(km)s km") % {"km": number(round(km, -3))}


def names_of(plan: MaintenancePlan | None, record: ServiceRecord) -> list[str]:
    """Works of the plan in the reader's language, then the lines as they were written."""
    names = {item.code: item.name for item in plan.items.all()} if plan else {}
    return [names.get(code, code.replace("-", " ")) for code in record.items] + record.works


def _due_row(work: DueWork, *, is_exact: bool) -> DueRow:
    tone, badge = {
        Urgency.LATER: ("neutral", _("Not yet due")),
        Urgency.SOON: ("warn", _("Due soon")),
        Urgency.DUE: ("bad", _("Due")),
    }[work.due.urgency]
    return DueRow(name=work.item.name, tone=tone, badge=badge, when=_when(work, is_exact=is_exact), since=_since(work))


def _when(work: DueWork, *, is_exact: bool) -> str:
    due = work.due
    values = {
        "day": day_in_words(due.on),
        # Counted from kilometre 0 it is the plan's figure, and tells nothing of the car.
        "km": kilometres(due.km, is_exact=is_exact or due.since is None) if due.km else "",
    }
    if due.on and due.km:
        return _("%(day)s or at %(km)s, whichever comes first") % values
    return values["day"] if due.on else _("At %(km)s") % values


def _since(work: DueWork) -> str:
    if work.due.since:
        return _("Last done on %(day)s.") % {"day": day_in_words(work.due.since.on)}
    return _("Not in the history yet: counted from the start of the warranty.")


def _done_row(
    record: ServiceRecord, plan: MaintenancePlan | None, membership: Membership, *, counts: bool, is_exact: bool
) -> DoneRow:
    is_mine = record.is_own and record.entered_by_id == membership.account_id
    return DoneRow(
        record=record,
        km=kilometres(record.odometer_km, is_exact=is_exact),
        works=names_of(plan, record),
        by=_who_entered(record, is_mine=is_mine, counts=counts),
        is_mine=is_mine and membership.may(Right.OWN_ENTRIES),
    )


def _who_entered(record: ServiceRecord, *, is_mine: bool, counts: bool) -> str:
    if record.dealer:
        return record.dealer.name
    if is_mine:
        return _("Your own entry")
    return _("An owner’s entry") if counts else _("An earlier owner’s entry; no due date counts from it")


def _warranty(
    vehicle: Vehicle, plan: MaintenancePlan | None, *, today: date, odometer_km: int | None
) -> Iterator[Fact]:
    start = vehicle.counted_from
    if start is None:
        return
    yield Fact(warranty_source_label(start.source), day_in_words(start.on))
    guarantee = warranty_of(vehicle, plan, today=today, odometer_km=odometer_km)
    if guarantee:
        last_day = day_in_words(guarantee.ends_on - timedelta(days=1))
        values = {"day": last_day, "km": kilometres(guarantee.km, is_exact=True) if guarantee.km else ""}
        until = _("%(day)s or at %(km)s, whichever comes first") % values if guarantee.km else last_day
        yield Fact(_("Warranty is over; it ran until") if guarantee.is_over else _("Warranty until"), until)
    next_one = next_anniversary(start.on, today=today)
    years = ngettext("%(day)s: %(years)d year", "%(day)s: %(years)d years", next_one.years)
    yield Fact(_("Next anniversary"), years % {"day": day_in_words(next_one.on), "years": next_one.years})
