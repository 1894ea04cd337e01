"""A directory as another system leaves it for a move: two customers, a car each, contracts, cards and documents."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import Account
from portal.models import Origin
from portal.origins import Move, Row, Verdict, take
from subscriptions.actions.move_in_documents import FOLDER, Documents
from subscriptions.files.move import Outcome, move_in
from subscriptions.files.moving_in import TABLES
from subscriptions.models import OldDocument
from subscriptions.rules.periods import charge_on
from tests import make
from tests.garage.cars import vin

COLUMNS = {table.file: list(table.columns) for table in TABLES}
PDF = b"%PDF-1.4\nan old invoice\n%%EOF\n"
VINS = ("JTJSAMPLECY900001", "JTJSAMPLECY900002")

ACCOUNTS = [
    {"account": "c-1", "email": "Anna@example.com", "first_name": "Anna", "last_name": "Ioannou", "language": "en"},
    {"account": "c-2", "email": "nikos@example.com", "first_name": "Nikos", "last_name": "Pavlou", "language": "el"},
]
PLACE = {"market": "CY", "address_line_1": "Ledra 1", "postcode": "1011", "town": "Nicosia", "country": "CY"}
LINKS = [
    {"account": "c-1", "vin": VINS[0], "is_active": "yes", "is_verified": "yes", "linked_on": "2023-01-01"},
    {"account": "c-2", "vin": VINS[1], "is_active": "yes", "is_verified": "yes", "linked_on": "2023-01-01"},
    {"account": "c-2", "vin": VINS[0], "is_active": "no", "is_verified": "yes", "linked_on": "2023-01-02"},
]
TERMS = {"currency": "EUR", "vat_rate": "19.00", "vat_country": "CY"}


def subscription(old_id: str, number: int, **given: str) -> dict[str, str]:
    facts = {"subscription": old_id, "account": f"c-{number}", "vin": vin(number), "package": "navigation"}
    return facts | TERMS | given


def write(directory: Path, name: str, rows: list[dict[str, str]]) -> None:
    with (directory / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS[name], restval="")
        writer.writeheader()
        writer.writerows(rows)


def write_customers(folder: Path, numbers: range, *, today: date, pdf: bytes = PDF) -> None:
    """A customer for each number, with a car, a card, a contract that was paid for a year, and an invoice."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / FOLDER / "a.pdf").write_bytes(pdf)
    customers = [_customer(number, today - timedelta(days=100)) for number in numbers]
    for name in ("accounts", "links", "cards", "subscriptions", "documents"):
        write(folder, f"{name}.csv", [customer[name] for customer in customers])


def _customer(number: int, paid_on: date) -> dict[str, dict[str, str]]:
    """By file, its row in it."""
    who, car = {"account": f"c-{number}"}, {"vin": vin(number)}
    next_charge_on = charge_on(activated_on=paid_on, trial_months=0, term_months=12, index=1)
    name = {"first_name": "Eleni", "last_name": f"Georgiou{number}", "email": f"c{number}@example.com"}
    card = {"card": f"k-{number}", "card_ref": f"ref-{number}", "fingerprint": f"f-{number}", "brand": "visa"}
    card |= {"funding": "credit", "last4": "1001", "exp_month": "12", "exp_year": "2056", "state": "primary"}
    dates = {"activated_on": str(paid_on), "next_charge_on": str(next_charge_on), "paid_on": str(paid_on)}
    money = {"trial_months": "0", "price": "99.00", "paid": "99.00", "paid_with": f"k-{number}"}
    charge = {"charge_ref": f"ch-{number}", "invoice": f"OLD-{number}"}
    document = {"number": f"OLD-{number}", "kind": "invoice", "issued_on": str(paid_on), "currency": "EUR"}
    return {
        "accounts": who | {"language": "el"} | name | PLACE,
        "links": who | car | {"is_active": "yes", "is_verified": "yes", "linked_on": "2023-01-01"},
        "cards": who | card,
        "subscriptions": subscription(f"s-{number}", number, term="yearly", **car, **dates, **money, **charge),
        "documents": who | document | {"gross": "99.00", "file": "a.pdf"},
    }


def card_at(gateway: Any, number: int, *, old_id: str, **given: str) -> dict[str, str]:
    """A card that the provider keeps since the time of the old system."""
    page = gateway.begin_card_setup(
        key=f"old:{old_id}", customer_ref=f"old-{number}", return_url=f"{make.RETURN_ORIGIN}/x", language="en"
    )
    gateway.complete_setup(
        setup_ref=page.setup_ref,
        number=make.card_number("visa", 7000 + number),
        exp_month=12,
        exp_year=make.NOW.year + 5,
        behaviour="ok",
    )
    details = gateway.card_setup(setup_ref=page.setup_ref).card
    names = ("card_ref", "fingerprint", "brand", "funding", "last4", "exp_month", "exp_year", "country")
    told = {name: str(getattr(details, name)) for name in names}
    return {"card": old_id, "account": f"c-{number}", "state": "stored"} | told | given


def charged(gateway: Any, card: dict[str, str], amount: str, *, key: str) -> str:
    outcome = gateway.charge(
        key=key, card_ref=card["card_ref"], amount=Decimal(amount), currency="EUR", description="old"
    )
    return str(outcome.charge_ref)


def moved(directory: Path, *, now: Any = make.NOW, is_dry: bool = False) -> tuple[Outcome, list[tuple[str, Verdict]]]:
    told: list[tuple[str, Verdict]] = []
    move = move_from(directory, now=now, keeps_files=not is_dry)
    outcome = move_in(move, is_dry=is_dry, report=lambda file, verdict: told.append((file, verdict)))
    return outcome, told


def move_from(directory: Path, *, now: Any = make.NOW, keeps_files: bool = True) -> Move:
    return Move(
        directory=directory,
        now=now,
        next_mail_at=now,
        mails_apart=timedelta(seconds=2),
        keeps_files=keeps_files,
    )


def old_document(account: Account, *, number: str = "OLD-1", **given: Any) -> OldDocument:
    """A document of an account that was taken over, which this one counts as from then on."""
    directory = Path(settings.MEDIA_ROOT) / "old"
    facts = {"kind": "account", "source": directory.name, "line": 2, "taken_at": make.NOW}
    Origin.objects.get_or_create(row_id=account.pk, defaults={"old_id": f"c-{account.pk}"}, **facts)
    (directory / FOLDER).mkdir(exist_ok=True, parents=True)
    file = f"{Origin.objects.count()}.pdf"
    (directory / FOLDER / file).write_bytes(PDF)
    values = {"account": f"c-{account.pk}", "kind": "invoice", "issued_on": date(2023, 2, 10), "currency": "EUR"}
    values |= {"gross": Decimal("99.00"), "file": file} | given
    rows = [Row(line=2, old_id=number, values=values)]
    [verdict] = take(rows, kind="document", makes=Documents, move=move_from(directory))
    assert verdict.reason == ""
    return OldDocument.objects.get(number=number)
