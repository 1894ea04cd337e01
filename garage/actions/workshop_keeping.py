"""What a dealer keeps of its workshop: hours, closed days, bays, works and their length; and who works there (G8, K1).

What is booked stays booked, whatever changes: the dealer moves or refuses it.
"""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction

from accounts.models import Account
from garage.models import Bay, ClosedDay, OfferedWork, Workshop, WorkshopOpening
from portal import audit

Openings = Sequence[tuple[int, time, time]]


@transaction.atomic
def keep_hours(
    *, workshop: Workshop, openings: Openings, takes_bookings: bool, now: datetime, by: Account | None
) -> None:
    """Weekday, opening and closing each; and whether it takes bookings at all."""
    shop = _locked(workshop)
    shop.openings.all().delete()
    WorkshopOpening.objects.bulk_create(
        WorkshopOpening(workshop=shop, weekday=day, opens=opens, closes=closes) for day, opens, closes in openings
    )
    shop.takes_bookings = takes_bookings
    shop.save(update_fields=["takes_bookings"])
    _record("workshop hours kept", shop, now=now, by=by, takes_bookings=takes_bookings)


@transaction.atomic
def keep_closed_days(*, workshop: Workshop, days: Sequence[date], now: datetime, by: Account | None) -> None:
    """All that are to come; those that are over stay."""
    shop = _locked(workshop)
    shop.closed_days.filter(on__gte=shop.dealer.market.local_date(now)).delete()
    ClosedDay.objects.bulk_create([ClosedDay(workshop=shop, on=day) for day in days], ignore_conflicts=True)
    _record("workshop closed days kept", shop, now=now, by=by, days=[day.isoformat() for day in days])


@transaction.atomic
def keep_bays(*, workshop: Workshop, names: Sequence[str], now: datetime, by: Account) -> None:
    """One that is not named any more takes no new car; what is booked in it stays."""
    shop = _locked(workshop)
    shop.bays.exclude(name__in=names).update(is_active=False)
    shop.bays.filter(name__in=names).update(is_active=True)
    known = set(shop.bays.values_list("name", flat=True))
    Bay.objects.bulk_create(Bay(workshop=shop, name=name) for name in names if name not in known)
    _record("workshop bays kept", shop, now=now, by=by, names=list(names))


@transaction.atomic
def keep_work(
    *,
    workshop: Workshop,
    code: str,
    names: dict[str, str],
    minutes: int,
    items: Sequence[str],
    is_active: bool,
    now: datetime,
    by: Account,
) -> OfferedWork:
    """A new work, or the one of that code as it is offered from now on."""
    shop = _locked(workshop)
    values = {"names": names, "minutes": minutes, "items": list(items), "is_active": is_active}
    work, _created = OfferedWork.objects.update_or_create(
        workshop=shop, code=code, defaults=values, create_defaults=values | {"position": shop.works.count()}
    )
    _record("workshop work kept", shop, now=now, by=by, code=code, minutes=minutes, is_active=is_active)
    return work


@transaction.atomic
def _locked(workshop: Workshop) -> Workshop:
    """The row that bookings lock as well: none is made by half of a change."""
    shop: Workshop = Workshop.objects.select_for_update(no_key=True).get(pk=workshop.pk)
    return shop


def _record(what: str, workshop: Workshop, *, now: datetime, by: Account | None, **facts: object) -> None:
    audit.record(what, account=None, by=by, now=now, subject=workshop, **facts)
