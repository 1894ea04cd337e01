"""Finds a customer, car, document, payment or case by whatever staff were told of it (K2).

Each kind is one query by an index, and gives a few rows: a thousand customers or a million are the same work. What a
role may not see is not looked for.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.found import named
from accounts.models import Account
from accounts.models.account import PHONE_END
from garage.models import Membership, OrderedVehicle, Vehicle
from subscriptions.models import Contract, Document, OldDocument, Payment, PaymentCard, Refund
from support.models import Case
from support.rules.looked_for import Asked

# Of each kind.
MOST = 20


@dataclass(frozen=True, kw_only=True)
class Hit:
    title: str
    url: str
    # What of it was asked for.
    why: str
    account_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    title: str | Promise
    hits: list[Hit] = field(default_factory=list)

    @property
    def is_cut(self) -> bool:
        return len(self.hits) >= MOST


def look_for(asked: Asked, *, user: Any) -> list[Group]:
    """In their order; groups without a hit are left out."""
    groups = [
        Group(title=title, hits=list(find(asked, user)))
        for title, permission, find in FINDERS
        if user.has_perm(permission)
    ]
    return [group for group in groups if group.hits]


def the_one_account(groups: Iterable[Group]) -> int | None:
    """Of whom all hits are, where that is one customer."""
    accounts = {hit.account_id for group in groups for hit in group.hits}
    return accounts.pop() if len(accounts) == 1 else None


# People


def _customers(asked: Asked, user: Any) -> Iterator[Hit]:
    seen: set[int] = set()
    for why, rows in _ways_to_people(asked):
        for account in rows.select_related("market")[:MOST]:
            if account.pk not in seen:
                seen.add(account.pk)
                yield _person(account, why)


def _ways_to_people(asked: Asked) -> Iterator[tuple[str, QuerySet[Account]]]:
    if asked.email:
        yield _("e-mail address"), Account.objects.filter(email__contains=asked.email).order_by()
    if asked.phone:
        yield _("telephone"), Account.objects.annotate(phone_end=PHONE_END).filter(phone_end=asked.phone).order_by()
    cards = PaymentCard.objects.in_wallet().filter(last4__contains=asked.card_digits)
    if asked.name:
        people = named(asked.name)
        if asked.card_digits:
            yield _("name and card"), people.filter(Exists(cards.filter(account=OuterRef("pk")))).order_by()
        else:
            yield _("name"), people.order_by()


def _person(account: Account, why: str) -> Hit:
    title = ", ".join(part for part in (account.name, account.email, account.market.name) if part)
    return Hit(title=title, url=_url(account), why=why, account_id=account.pk)


# What belongs to people


def _cars(asked: Asked, user: Any) -> Iterator[Hit]:
    wanted = (Q(vin=asked.vin) if asked.vin else Q()) | (Q(plate=asked.plate) if asked.plate else Q())
    if not wanted:
        return
    for vehicle in Vehicle.objects.filter(wanted).order_by("pk")[:MOST]:
        why = _("VIN") if vehicle.vin == asked.vin else _("plate")
        yield Hit(title=f"{vehicle.model}, {vehicle.plate}, {vehicle.vin}", url=_url(vehicle), why=why)
        links = Membership.objects.current().filter(vehicle=vehicle).select_related("account__market")
        for link in links.order_by("-is_active", "pk")[:MOST]:
            yield _person(link.account, _("controls this car") if link.is_active else _("has this car in the garage"))


def _orders(asked: Asked, user: Any) -> Iterator[Hit]:
    for order in _numbered(OrderedVehicle.objects, "order_number", asked.number):
        yield Hit(title=f"{order.order_number}, {order.model}", url=_url(order), why=_("order number"))


def _documents(asked: Asked, user: Any) -> Iterator[Hit]:
    for row in _numbered(Document.objects.select_related("account"), "number", asked.number):
        yield _of_account(row, row.number, _("number of the document"))
    if user.has_perm("subscriptions.view_olddocument"):
        for old in _numbered(OldDocument.objects.select_related("account"), "number", asked.number):
            yield _of_account(old, old.number, _("number of a document from before this site"))


def _contracts(asked: Asked, user: Any) -> Iterator[Hit]:
    rows = Contract.objects.select_related("subscription__account")
    for row in _numbered(rows, "number", asked.number):
        account = row.subscription.account
        title = f"{row.number}, {account.email}"
        yield Hit(title=title, url=_url(row), why=_("contract number"), account_id=account.pk)


def _payments(asked: Asked, user: Any) -> Iterator[Hit]:
    for row in _numbered(Payment.objects.select_related("account"), "charge_ref", asked.reference):
        yield _of_account(row, f"{row.amount} {row.currency}", _("the provider’s reference"))
    for row in _numbered(Refund.objects.select_related("account"), "refund_ref", asked.reference):
        yield _of_account(row, f"{row.amount} {row.currency}", _("the provider’s reference of a refund"))


def _cards(asked: Asked, user: Any) -> Iterator[Hit]:
    if len(asked.card_digits) != 4 or asked.name:
        return
    rows = PaymentCard.objects.filter(last4=asked.card_digits).select_related("account").order_by()
    for row in rows[:MOST]:
        yield _of_account(row, f"{row.brand.title()} {row.last4}", _("last four digits"))


def _cases(asked: Asked, user: Any) -> Iterator[Hit]:
    rows = Case.objects.select_related("account", "category")
    if not user.has_perm("support.view_every_case"):
        rows = rows.filter(category__is_billing=True)
    for row in _numbered(rows, "number", asked.number):
        title = f"{row.number}, {row.category.name}"
        yield Hit(title=title, url=_url(row), why=_("case number"), account_id=row.account_id)


Find = Callable[[Asked, Any], Iterator[Hit]]
FINDERS: tuple[tuple[str | Promise, str, Find], ...] = (
    (gettext_lazy("Customers"), "accounts.view_account", _customers),
    (gettext_lazy("Cars"), "garage.view_vehicle", _cars),
    (gettext_lazy("Ordered cars"), "garage.view_orderedvehicle", _orders),
    (gettext_lazy("Invoices and credit notes"), "subscriptions.view_document", _documents),
    (gettext_lazy("Contracts"), "subscriptions.view_contract", _contracts),
    (gettext_lazy("Payments and refunds"), "subscriptions.view_payment", _payments),
    (gettext_lazy("Cards"), "subscriptions.view_paymentcard", _cards),
    (gettext_lazy("Cases"), "support.view_case", _cases),
)


def _numbered(rows: Any, name: str, value: str) -> list[Any]:
    return list(rows.filter(**{name: value}).order_by()[:MOST]) if value else []


def _of_account(row: Any, title: str, why: str) -> Hit:
    return Hit(title=f"{title}, {row.account.email}", url=_url(row), why=why, account_id=row.account_id)


def _url(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
