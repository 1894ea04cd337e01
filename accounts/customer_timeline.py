"""One timeline of a customer (K2): the audit trail, to which every ledger writes, in words and with filters.

Each app says what its records are called, of which kind they are, and by which path a record's subject leads to a car.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import F, Q, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from portal.desk.words import moment
from portal.models import AuditRecord, StaffRead

A_PAGE = 50


class Kind(StrEnum):
    MONEY = "money"
    CAR = "car"
    ACCOUNT = "account"
    SERVICE = "service"
    MESSAGES = "messages"
    # Another table than the trail, shown by this filter alone (`accounts/customer_reads.py`).
    READ = "read"


class Actor(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"
    OTHERS = "others"
    PORTAL = "portal"


KIND_NAMES: dict[Kind, Promise] = {
    Kind.MONEY: gettext_lazy("Money"),
    Kind.CAR: gettext_lazy("Car"),
    Kind.ACCOUNT: gettext_lazy("Account"),
    Kind.SERVICE: gettext_lazy("Services"),
    Kind.MESSAGES: gettext_lazy("Messages"),
    Kind.READ: gettext_lazy("Read by staff"),
}
ACTOR_NAMES: dict[Actor, Promise] = {
    Actor.CUSTOMER: gettext_lazy("the customer"),
    Actor.STAFF: gettext_lazy("staff"),
    Actor.OTHERS: gettext_lazy("another customer"),
    Actor.PORTAL: gettext_lazy("the portal itself"),
}
Record = AuditRecord | StaffRead
# Title and details of a record, amounts in the account's currency.
Worded = Callable[[AuditRecord, str], tuple[str, str]]
Words = str | Promise | Worded


@dataclass(frozen=True, kw_only=True)
class Line:
    kind: Kind
    # The title alone, whose details are read from the record's data, or both.
    words: Words


@dataclass(frozen=True, kw_only=True)
class Filters:
    kind: Kind | None = None
    vehicle_id: int | None = None
    since: date | None = None
    until: date | None = None
    actor: Actor | None = None
    # Older than the record of this number.
    before: int | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    when: str
    kind: str
    what: str
    details: str
    car: str
    by: str


LINES: dict[str, Line] = {}
# Of a subject's label in lower case: the path from its row to the car, "pk" for the car itself.
CAR_PATHS: dict[str, str] = {}
# Subjects that lead to a car by no path, such as notices: which of an account's are about a car.
ABOUT_CAR: dict[str, Callable[[Account, int], QuerySet[Any]]] = {}
# What a member of staff is not shown.
HIDDEN: list[Callable[[Any], Q]] = []
# Of a record's data, what its line says.
SHOWN_FACTS = ("number", "email", "last4", "version")


def register(kind: Kind, words: Mapping[str, Words]) -> None:
    LINES.update({what: Line(kind=kind, words=each) for what, each in words.items()})


def register_cars(paths: Mapping[str, str]) -> None:
    CAR_PATHS.update(paths)


def register_about_car(label: str, rows: Callable[[Account, int], QuerySet[Any]]) -> None:
    ABOUT_CAR[label] = rows


def register_hidden(hidden: Callable[[Any], Q]) -> Callable[[Any], Q]:
    HIDDEN.append(hidden)
    return hidden


# The records


def records_of(account: Account, *, filters: Filters, staff: Any) -> QuerySet[AuditRecord]:
    """The newest first, by number: the index of an account's records gives them in this order."""
    found = AuditRecord.objects.filter(account=account).select_related("by").order_by("-pk")
    for hidden in HIDDEN:
        found = found.exclude(hidden(staff))
    if filters.kind:
        found = found.filter(what__in=[what for what, line in LINES.items() if line.kind == filters.kind])
    if filters.vehicle_id:
        found = found.filter(of_car(account, filters.vehicle_id))
    if filters.since:
        found = found.filter(on__gte=filters.since)
    if filters.until:
        found = found.filter(on__lte=filters.until)
    if filters.actor:
        found = found.filter(_by(account, filters.actor))
    return found.filter(pk__lt=filters.before) if filters.before else found


def of_car(account: Account, vehicle_id: int) -> Q:
    """Rows of the car, and the account's own among them: the records are the account's already."""
    by_path = {
        label: apps.get_model(label)._default_manager.filter(**{path: vehicle_id}) for label, path in CAR_PATHS.items()
    }
    rows = by_path | {label: found(account, vehicle_id) for label, found in ABOUT_CAR.items()}
    return reduce(or_, [Q(subject_type=label, subject_id__in=found.values("pk")) for label, found in rows.items()])


def _by(account: Account, actor: Actor) -> Q:
    match actor:
        case Actor.CUSTOMER:
            return Q(by=account)
        case Actor.PORTAL:
            return Q(by__isnull=True)
        case Actor.STAFF:
            return Q(by__is_staff=True) & ~Q(by=account)
        case Actor.OTHERS:
            return Q(by__is_staff=False) & ~Q(by=account)


# In words


def entries_of(records: Sequence[AuditRecord], *, account: Account, cars: Mapping[int, str], staff: Any) -> list[Entry]:
    """`cars` names the account's cars by number. One query, however many records."""
    car_of = cars_behind(records)
    return [
        Entry(
            when=moment(record.at, account.market.zone),
            kind=str(KIND_NAMES[LINES[record.what].kind]) if record.what in LINES else "",
            what=linked(record, title, staff),
            details=details,
            car=cars.get(car_of.get((record.subject_type, record.subject_id or 0), 0), ""),
            by=by_whom(record, account),
        )
        for record in records
        for title, details in [in_words(record, account.market.currency)]
    ]


def in_words(record: AuditRecord, currency: str) -> tuple[str, str]:
    line = LINES.get(record.what)
    if line is not None and callable(line.words):
        return line.words(record, currency)
    title = str(line.words) if line else record.what.replace("_", " ").capitalize()
    return title, details_of(record)


def details_of(record: AuditRecord) -> str:
    """Facts for staff, and the reason that one of them gave."""
    shown = [str(record.data[name]) for name in SHOWN_FACTS if record.data.get(name)]
    reason = record.data.get("reason", "") if record.by_id else ""
    return ", ".join(filter(None, [*shown, str(reason)]))


def by_whom(record: AuditRecord, account: Account) -> str:
    """An employee by address; of another customer nothing but that it was one."""
    if record.by is None:
        return _("the portal itself")
    if record.by_id == account.pk:
        return _("the customer")
    return record.by.email if record.by.is_staff else _("another customer")


def linked(record: Record, title: str, staff: Any) -> str:
    """Leading to the row that it is about, where there is a page of it that the member of staff may open."""
    if not record.subject_type or record.subject_id is None:
        return title
    model = apps.get_model(record.subject_type)
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    if not admin.site.is_registered(model) or not staff.has_perm(
        f"{model._meta.app_label}.view_{model._meta.model_name}"
    ):
        return title
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{name}_change", args=[record.subject_id]), title)


def cars_behind(records: Iterable[Record]) -> dict[tuple[str, int], int]:
    """The car of each subject that leads to one."""
    ids: dict[str, set[int]] = {}
    for record in records:
        if record.subject_type in CAR_PATHS and record.subject_id:
            ids.setdefault(record.subject_type, set()).add(record.subject_id)
    parts = [
        apps.get_model(label)
        ._default_manager.filter(pk__in=pks)
        .annotate(label=Value(label), car=F(CAR_PATHS[label]))
        .order_by()
        .values_list("label", "pk", "car")
        for label, pks in sorted(ids.items())
    ]
    if not parts:
        return {}
    first, *others = parts
    return {(label, pk): car for label, pk, car in (first.union(*others, all=True) if others else first)}
