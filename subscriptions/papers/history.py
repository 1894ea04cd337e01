"""The history of invoices and credit notes: filtered, searched, in pages, and with their sums (I1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Replace

from accounts.models import Account
from garage.models import Membership
from portal.querying.written import Given, written
from subscriptions.access import documents_of, old_documents_of, open_bundles_of, open_refunds_of
from subscriptions.models import Document
from subscriptions.models.document import DocumentKind

PAGE_SIZE = 20
NOTHING = Decimal("0.00")
# What people type between the parts of a number: nothing, spaces, or one of the many dashes.
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
# What may stand beside the documents; columns that say whether there are any.
BESIDE = (REFUNDS, BUNDLES, FROM_BEFORE) = ("has_refunds", "has_bundles", "has_from_before")


# What a list of them shows: a document has many more columns, and copies of all that it was made from.
LISTED = (
    *("public_id", "kind", "number", "issued_on", "issued_at", "currency", "gross", "blanked_at", "old_invoice"),
    *("lines", "payment_facts", "vehicle", "card", "corrects__number"),
    *("refund__status", "refund__channel", "refund__expected_on", "refund__payment__card__last4"),
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for; empty means all. `car` is the public id of a vehicle, `number` a part of a number."""

    car: str = ""
    year: int | None = None
    kind: str = ""
    number: str = ""

    @property
    def conditions(self) -> dict[str, Any]:
        """Those that narrow anything."""
        asked = {"car": self.car, "year": self.year, "kind": self.kind, "signs": mended_number(self.number)}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, kw_only=True)
class Car:
    """A car that has documents, as the latest of them names it; without a plate once that was blanked (I4)."""

    public_id: str
    label: str
    is_in_garage: bool


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What can be chosen from: cars, and years with the newest first; and which of other things there are `beside`."""

    cars: list[Car]
    years: list[int]
    beside: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Of all documents in one currency, gross; `vat` is that of the invoices less that of the credit notes."""

    currency: str
    count: int
    invoiced: Decimal
    credited: Decimal
    vat: Decimal

    @property
    def balance(self) -> Decimal:
        return self.invoiced - self.credited


@dataclass(frozen=True, kw_only=True)
class Page:
    """`newer` and `older` are the numbers from which the neighbouring pages go on; empty at the ends."""

    documents: list[Document]
    newer: str = ""
    older: str = ""


def wanted_documents(documents: QuerySet[Document], wanted: Wanted) -> QuerySet[Document]:
    return _narrowed(documents, **wanted.conditions)


def mended_number(typed: str) -> str:
    """The signs of a number, whatever stood between them."""
    return "".join(sign for sign in typed if not sign.isspace() and sign not in DASHES)


def page_of(account: Account, wanted: Wanted, *, before: str = "", after: str = "") -> Page:
    """The newest, or those that are older than the document `before`, or newer than `after`. A page costs the same
    wherever it stands: it is found by its edge in the index, never by counting rows. An unknown edge is no edge."""
    if before or after:
        documents = listed(wanted_documents(documents_of(account), wanted))
        if before and (edge := _edge(documents, before)):
            return _older(documents, edge)
        if after and (edge := _edge(documents, after)) and (page := _newer(documents, edge)):
            return page
    found = _newest(account=account.pk, **wanted.conditions)
    return Page(documents=found[:PAGE_SIZE], older=_next(found))


def listed(documents: QuerySet[Document]) -> QuerySet[Document]:
    return documents.select_related(None).select_related("corrects", "refund__payment__card").only(*LISTED)


def totals_of(account: Account, wanted: Wanted) -> list[Totals]:
    """One query, a row for each currency."""
    return [
        Totals(
            currency=row["currency"],
            count=row["count"],
            invoiced=row["invoiced"],
            credited=row["credited"],
            vat=row["vat_invoiced"] - row["vat_credited"],
        )
        for row in _sums(account=account.pk, **wanted.conditions)
    ]


def cars_of(account: Account) -> list[Car]:
    """Cars of which the account has documents."""
    return cars_in(documents_of(account), owner=account)


def cars_in(documents: QuerySet[Document], *, owner: Account) -> list[Car]:
    """Those in the owner's garage first. One query."""
    return _cars(_last_of_each(documents, owner=owner))


def shelf_of(account: Account, *, now: datetime) -> Shelf:
    """One query for all of it, which counts no rows of a long history."""
    rows = _shelves(account=account.pk, now=now)
    # Whoever came from another system may have the others, and no document of ours yet.
    (beside_it,) = rows[:1] or _beside_nothing(account=account.pk, now=now)
    return Shelf(
        cars=_cars(rows),
        years=rows[0]["years"] if rows else [],
        beside=frozenset(name for name in BESIDE if beside_it[name]),
    )


def years_of(account: Account) -> list[int]:
    """The newest first. One query."""
    years = documents_of(account).select_related(None).order_by("-year").values_list("year", flat=True)
    return list(years.distinct())


def _narrowed(documents: QuerySet[Document], **wanted: Given) -> QuerySet[Document]:
    """By the `conditions` of `Wanted`."""
    if "car" in wanted:
        documents = documents.filter(subscription__vehicle__public_id=wanted["car"])
    if "year" in wanted:
        documents = documents.filter(year=wanted["year"])
    if "kind" in wanted:
        documents = documents.filter(kind=wanted["kind"])
    if "signs" in wanted:
        documents = documents.alias(signs=Replace("number", Value("-"), Value(""))).filter(
            signs__icontains=wanted["signs"]
        )
    return documents


@written
def _newest(*, account: Given, **wanted: Given) -> QuerySet[Document]:
    """One more than a page, to know whether there is another."""
    return listed(_narrowed(documents_of(account), **wanted))[: PAGE_SIZE + 1]


@written
def _sums(*, account: Given, **wanted: Given) -> QuerySet[Any, Any]:
    gross, vat = _sum_by_kind("gross"), _sum_by_kind("vat")
    return (
        _narrowed(documents_of(account), **wanted)
        .order_by("currency")
        .values("currency")
        .annotate(
            count=Count("pk"),
            invoiced=gross[DocumentKind.INVOICE],
            credited=gross[DocumentKind.CREDIT_NOTE],
            vat_invoiced=vat[DocumentKind.INVOICE],
            vat_credited=vat[DocumentKind.CREDIT_NOTE],
        )
    )


@written
def _shelves(*, account: Given, now: Given) -> QuerySet[Any, Any]:
    documents = documents_of(account)
    years = documents.select_related(None).order_by("-year").values("year").distinct()
    last = _last_of_each(documents, owner=account)
    return last.annotate(years=ArraySubquery(years), **_beside(account, now))


@written
def _beside_nothing(*, account: Given, now: Given) -> QuerySet[Any, Any]:
    return Account.objects.filter(pk=account).annotate(**_beside(account, now)).values(*BESIDE)


def _beside(account: Given, now: Given) -> dict[str, Exists]:
    """Few have any of them."""
    return {
        REFUNDS: Exists(open_refunds_of(account)),
        BUNDLES: Exists(open_bundles_of(account, now)),
        FROM_BEFORE: Exists(old_documents_of(account)),
    }


def _last_of_each(documents: QuerySet[Document], *, owner: Account | Given) -> QuerySet[Any, Any]:
    """Reads of a long history no more than the keys; the plate is the document's, since the car may have another
    owner's now (D4)."""
    held = Membership.objects.current().filter(account=owner, vehicle=OuterRef("subscription__vehicle"))
    last_of_each = documents.select_related(None).order_by().values("subscription").annotate(last=Max("pk"))
    return (
        Document.objects.filter(pk__in=last_of_each.values("last"))
        .annotate(is_in_garage=Exists(held))
        .order_by("pk")
        .values("subscription__vehicle__public_id", "subscription__vehicle__model", "vehicle", "is_in_garage")
    )


def _cars(rows: Iterable[dict[str, Any]]) -> list[Car]:
    latest = {row["subscription__vehicle__public_id"]: _car(row) for row in rows}
    return sorted(latest.values(), key=lambda car: (not car.is_in_garage, car.label))


def days_of(year: int, month: int | None = None) -> tuple[date, date]:
    """The first day, and the first day after it."""
    if month is None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def _car(row: Any) -> Car:
    copied = row["vehicle"]
    named = f"{copied['model']} {copied['plate']}".strip() if copied else row["subscription__vehicle__model"]
    return Car(public_id=str(row["subscription__vehicle__public_id"]), label=named, is_in_garage=row["is_in_garage"])


def _sum_by_kind(column: str) -> dict[DocumentKind, Coalesce]:
    return {kind: Coalesce(Sum(column, filter=Q(kind=kind)), NOTHING) for kind in DocumentKind}


def _edge(documents: QuerySet[Document], number: str) -> Document | None:
    return documents.select_related(None).only("issued_at", "number").filter(number=number).first()


def _older(documents: QuerySet[Document], edge: Document) -> Page:
    beyond = Q(issued_at__lt=edge.issued_at) | Q(issued_at=edge.issued_at, pk__lt=edge.pk)
    # The first condition says nothing new: it is the one that the index can start from.
    found = list(documents.filter(beyond, issued_at__lte=edge.issued_at)[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    return Page(documents=page, newer=page[0].number if page else edge.number, older=_next(found))


def _newer(documents: QuerySet[Document], edge: Document) -> Page | None:
    """None where the top is reached: its page is a full one."""
    beyond = Q(issued_at__gt=edge.issued_at) | Q(issued_at=edge.issued_at, pk__gt=edge.pk)
    found = list(documents.filter(beyond, issued_at__gte=edge.issued_at).reverse()[: PAGE_SIZE + 1])
    if len(found) <= PAGE_SIZE:
        return None
    page = list(reversed(found[:PAGE_SIZE]))
    return Page(documents=page, newer=page[0].number, older=page[-1].number)


def _next(found: list[Document]) -> str:
    return found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else ""
