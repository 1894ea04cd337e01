"""Customers by COPY: an account with a car, a card and a monthly subscription each, paid once, with its invoice.

The first `due` of them are due on `DUE_ON`; the others on one of the 28 days after it, so that each of those days has a
like number. All columns, indexes and constraints are the product's. Left out of the history of each are what collecting
neither reads nor adds to: consents, notices of the order, the car's membership beyond the one row.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.db.models import Model

from accounts.models import Account, BillingProfile, TermsVersion
from garage.models import Membership, Vehicle
from portal.models import AuditRecord, LegalEntity, Market
from portal.money import split_gross
from subscriptions.models import Contract, Document, NumberSeries, Payment, PaymentCard, Plan, Subscription
from subscriptions.models.document import DocumentKind
from subscriptions.rules.lifecycle import PaymentStatus, Status
from subscriptions.rules.periods import charge_on
from subscriptions.rules.retention import keep_until
from subscriptions.rules.vat import STANDARD, gather

MARKET_DATA = Path(__file__).resolve().parents[2] / "portal" / "data" / "lexus_cy"
DUE_ON = date(2026, 6, 10)
DUE_AT = datetime(2026, 6, 10, 9, tzinfo=UTC)
# One day's share more is due then.
DAY_AFTER = DUE_AT + timedelta(days=1)
ROWS_AT_ONCE = 20_000
CALCULATION = "The price includes VAT of 19%: net is the total divided by 1.19, rounded to the cent."
ACTIVATED = [date(2026, 5, 10) + timedelta(days=offset) for offset in range(29)]
CHARGED = [charge_on(activated_on=day, trial_months=0, term_months=1, index=1) for day in ACTIVATED]
PAID_AT = datetime(2026, 5, 10, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Table:
    """`columns` are constants, or printf patterns over what `person` gives (`%(n)d`, `%(uuid)s`)."""

    model: type[Model]
    columns: dict[str, Any]

    def line(self) -> str:
        """The pattern of a line of COPY; a column that is not named has the model's default."""
        fields = self.model._meta.concrete_fields
        return "\t".join(self._cell(field) for field in fields) + "\n"

    def names(self) -> str:
        return ", ".join(f'"{field.column}"' for field in self.model._meta.concrete_fields)

    def _cell(self, field: Any) -> str:
        if field.name not in self.columns:
            # Of arrays all defaults are empty ones.
            return "{}" if isinstance(field, ArrayField) else _text(field.get_default()).replace("%", "%%")
        value = self.columns[field.name]
        return value.text if isinstance(value, Pattern) else _text(value).replace("%", "%%")


@dataclass(frozen=True)
class Pattern:
    text: str


N, UUID = Pattern("%(n)d"), Pattern("%(uuid)s")


def populate(*, conninfo: str, size: int, due: int) -> None:
    """Fills the migrated, empty database that Django is led to; every constraint but foreign keys is checked."""
    market = _market()
    tables = [*customers(market), *_contracts(market)]
    with psycopg.connect(conninfo, autocommit=True) as database:
        # The rows point to each other as they should; having each one looked up would take most of the time.
        database.execute("SET session_replication_role = replica")
        # What loading the market has noted has the numbers that the customers' records get.
        database.execute("DELETE FROM portal_auditrecord")
        for numbers in portions(size):
            people = [_person(number, due=due) for number in numbers]
            for table in tables:
                copy_rows(database, table, people)
        for table in tables:
            let_ids_go_on(database, table.model)
        _number_on(market.legal_entity, size)
        database.execute("VACUUM ANALYZE")


def _market() -> Market:
    """The sample market with its texts of law and all: what is loaded for each charge should weigh what it does."""
    for command, file in (("load_brand", "brand"), ("load_terms", "terms"), ("load_catalogue", "catalogue")):
        call_command(command, MARKET_DATA / f"{file}.yaml", stdout=StringIO())
    return Market.objects.get()


def portions(size: int) -> Iterator[range]:
    for first in range(1, size + 1, ROWS_AT_ONCE):
        yield range(first, min(first + ROWS_AT_ONCE, size + 1))


def _person(number: int, *, due: int, draw: Callable[[int], int] = random.getrandbits) -> dict[str, Any]:
    """Those facts that differ from one to the next."""
    day = 0 if number <= due else 1 + number % 28
    return {
        "n": number,
        "uuid": f"{draw(128):032x}",
        "activated": ACTIVATED[day],
        "charged": CHARGED[day],
        "plate": f"K{number % 1_000_000:06d}",
    }


def copy_rows(database: psycopg.Connection, table: Table, people: list[dict[str, Any]]) -> None:
    line = table.line()
    with database.cursor().copy(f"COPY {table.model._meta.db_table} ({table.names()}) FROM STDIN") as copy:
        copy.write("".join([line % person for person in people]))


def let_ids_go_on(database: psycopg.Connection, model: type[Model]) -> None:
    name = model._meta.db_table
    database.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")


def _number_on(entity: LegalEntity, size: int) -> None:
    NumberSeries.objects.create(legal_entity=entity, kind=DocumentKind.INVOICE, year=2026, last_number=size)


def _text(value: Any) -> str:
    """A value as COPY's text format has it."""
    match value:
        case None:
            return r"\N"
        case bool():
            return "t" if value else "f"
        case dict() | list():
            return _text(json.dumps(value))
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def customers(market: Market) -> list[Table]:
    account = {"id": N, "public_id": UUID, "market": market.pk, "email": Pattern("u%(n)d@example.com"), "password": "!"}
    names = {"first_name": "Eleni", "last_name": "Georgiou", "created_at": PAID_AT}
    address = {"address_line_1": "Makariou III 12", "postcode": "1065", "town": "Nicosia", "country": "CY"}
    car = {"vin": Pattern("JTJ%(n)014d"), "plate": Pattern("%(plate)s"), "model": "NX 350h", "body": "suv"}
    paint = {"colour": "Red Mica", "colour_hex": "#8a1c2b", "powertrain": "hybrid", "multimedia": "MM21"}
    facts = {"market_code": "CY", "warranty_start": date(2018, 3, 15), "capabilities": Pattern("{navigation,remote}")}
    card = {"card_ref": Pattern("card_%(n)d"), "fingerprint": Pattern("print_%(n)d"), "brand": "visa", "last4": "4242"}
    validity = {"funding": "credit", "exp_month": 12, "exp_year": 2056, "country": "CY"}
    kept = {"is_primary": True, "added_at": PAID_AT}
    link = {"identified_as": Pattern("JTJ%(n)014d"), "is_selected": True, "is_active": True}
    since = {"linked_at": PAID_AT, "verified_at": PAID_AT}
    ours = {"id": N, "account": N}
    return [
        Table(Account, account | names),
        Table(BillingProfile, ours | {"name": "Eleni Georgiou", "updated_at": PAID_AT} | address),
        Table(Vehicle, {"id": N, "public_id": UUID, "added_at": PAID_AT} | car | paint | facts),
        Table(Membership, ours | {"public_id": UUID, "vehicle": N} | link | since),
        Table(PaymentCard, ours | {"public_id": UUID} | card | validity | kept),
    ]


def _contracts(market: Market) -> list[Table]:
    plan, terms = Plan.objects.get(package__code="navigation", term="monthly"), TermsVersion.objects.latest("pk")
    activated, charged = Pattern("%(activated)s"), Pattern("%(charged)s")
    ours = {"id": N, "public_id": UUID, "account": N}
    order = {"ordered_at": PAID_AT, "order_text": "I order.", "terms_version": terms.pk}
    agreed = {"price": plan.price, "currency": market.currency, "term_months": 1} | _vat(market)
    what = {"vehicle": N, "package": plan.package_id, "plan": plan.pk, "market": market.pk, "order_key": UUID}
    standing = {"status": Status.PAID, "periods_paid": 1, "activated_on": activated}
    period = {"period_index": 0, "period_from": activated, "period_to": charged, "attempt": 1}
    paid = {"status": PaymentStatus.SUCCEEDED, "charge_ref": Pattern("ch_%(n)d"), "settled_at": PAID_AT}
    amount = {"amount": plan.price, "currency": market.currency, "started_at": PAID_AT, "key": Pattern("%(uuid)s:0:1")}
    contract = {"number": Pattern("C-%(n)09d"), "language": "en", "agreed": {"price": str(plan.price)}}
    record = {"at": PAID_AT, "on": PAID_AT.date(), "what": "charged", "subject_type": "subscriptions.subscription"}
    return [
        Table(
            Subscription, ours | what | order | agreed | standing | {"next_charge_on": charged, "next_try_on": charged}
        ),
        Table(Contract, {"id": N, "public_id": UUID, "subscription": N} | order | contract),
        Table(Payment, ours | {"subscription": N, "card": N} | period | paid | amount),
        Table(Document, ours | {"subscription": N, "payment": N} | _invoice(market, plan)),
        Table(AuditRecord, {"id": N, "account": N, "subject_id": N, "data": {"package": "navigation"}} | record),
    ]


def _vat(market: Market) -> dict[str, Any]:
    """A customer at home, of whom everything is known and agrees."""
    evidence = gather(billing_country="CY", card_country="CY", market_country=market.code)
    return {
        "vat_rate": market.vat_rate,
        "vat_country": market.code,
        "vat_category": STANDARD,
        "vat_evidence": [{"kind": item.kind, "country": item.country} for item in evidence],
    }


def _invoice(market: Market, plan: Plan) -> dict[str, Any]:
    split, entity = split_gross(plan.price, market.vat_rate), market.legal_entity
    seller = {"name": entity.name, "address_lines": entity.address_lines, "country": entity.country}
    reached = {"vat_number": entity.vat_number, "registration": entity.registration, "email": entity.email}
    street, town = ["Makariou III 12"], {"postcode": "1065", "town": "Nicosia", "country": "CY", "vat_number": ""}
    address = {"address_lines": [*street, "1065 Nicosia", "Cyprus"], "street_lines": street} | town
    buyer = {"name": "Eleni Georgiou", "email": "customer@example.com", "reference": ""} | address
    look = {"wordmark": market.brand.name, "accent": market.brand.accent_light}
    what = {"package": "Navigation", "term": "monthly", "description": "Navigation, monthly"}
    line = what | {"from": "2026-05-10", "to": "2026-06-10"}
    return {
        "kind": DocumentKind.INVOICE,
        "legal_entity": entity.pk,
        "year": 2026,
        "sequence": N,
        "number": Pattern("CY-2026-%(n)06d"),
        "issued_on": PAID_AT.date(),
        "issued_at": PAID_AT,
        "currency": market.currency,
        "net": split.net,
        "vat": split.vat,
        "gross": split.gross,
        "language": "en",
        "seller": seller | reached | look,
        "buyer": buyer,
        "vehicle": {"model": "NX 350h", "vin": "JTJ00000000000000", "plate": "K000000"},
        "lines": [line],
        "card": {"brand": "visa", "last4": "4242"},
        "payment_facts": {"on": "2026-05-10", "notes": [], "calculation": [CALCULATION]},
        "keep_until": keep_until(issued_on=PAID_AT.date(), years=market.document_years),
    } | _vat(market)
