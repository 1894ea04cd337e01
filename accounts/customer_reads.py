"""Who of the staff has read what of a customer, as a part of the timeline (D1, K2), newest first."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.accesses import ROLES
from accounts.customer_timeline import KIND_NAMES, Actor, Entry, Filters, Kind, cars_behind, linked, of_car
from accounts.models import Account
from portal.desk.words import moment
from portal.models import StaffRead

# Colleagues' names are an administrator's to see; others see the role, as the customer does.
NAMED = "portal.view_staffread"


def reads_of(account: Account, *, filters: Filters) -> QuerySet[StaffRead]:
    found = StaffRead.objects.filter(account=account).select_related("by").order_by("-pk")
    if filters.vehicle_id:
        found = found.filter(of_car(account, filters.vehicle_id))
    if filters.since:
        found = found.filter(at__gte=_moment(account, filters.since, time.min))
    if filters.until:
        # Its last moment, not the next day's first: the last day that there is has no next.
        found = found.filter(at__lte=_moment(account, filters.until, time.max))
    if filters.actor not in {None, Actor.STAFF}:
        found = found.none()
    return found.filter(pk__lt=filters.before) if filters.before else found


def read_entries(reads: Sequence[StaffRead], *, account: Account, cars: Mapping[int, str], staff: Any) -> list[Entry]:
    car_of, is_named = cars_behind(reads), staff.has_perm(NAMED)
    return [
        Entry(
            when=moment(read.at, account.market.zone),
            kind=str(KIND_NAMES[Kind.READ]),
            what=linked(read, _page_of(read), staff),
            details="",
            car=cars.get(car_of.get((read.subject_type, read.subject_id), 0), ""),
            by=read.by.email if is_named else _role(read),
        )
        for read in reads
    ]


def _page_of(read: StaffRead) -> str:
    name = str(apps.get_model(read.subject_type)._meta.verbose_name)
    return _("Read: %(page)s") % {"page": name}


def _role(read: StaffRead) -> str:
    return ", ".join(str(ROLES.get(name, name)) for name in read.role.split(",") if name)


def _moment(account: Account, day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=account.market.zone)
