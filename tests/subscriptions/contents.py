"""Documents to print: an invoice and its credit note."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from portal.money import split_gross
from subscriptions.invoicing.contents import (
    Brand,
    Buyer,
    CardMovement,
    DocumentContents,
    DocumentLine,
    Place,
    Seller,
    Vehicle,
)

INVOICE = DocumentContents(
    kind="invoice",
    number="CY-2024-000001",
    issued_on=date(2024, 2, 10),
    language="en",
    brand=Brand(wordmark="MARQUE", accent="#a8834f"),
    seller=Seller(
        name="Example Motors Ltd",
        address_lines=("12 Example Avenue", "2025 Nicosia"),
        place=Place(country="CY", lines=("12 Example Avenue",), postcode="2025", town="Nicosia"),
        vat_number="CY10000000X",
        registration="HE 000000",
        contact_lines=("+357 22 000000", "care@example.com"),
    ),
    buyer=Buyer(
        name="Maria Georgiou",
        address_lines=("5 Ledra Street", "1011 Nicosia"),
        place=Place(country="CY", lines=("5 Ledra Street",), postcode="1011", town="Nicosia"),
    ),
    vehicle=Vehicle(model="Saloon 450h", vin="JTJCKBFZ302012345", plate="KNA 123"),
    lines=(
        DocumentLine(
            description="Navigation, yearly",
            period_from=date(2024, 2, 10),
            period_to=date(2025, 2, 9),
            gross=Decimal("99.00"),
            net=Decimal("83.19"),
            vat=Decimal("15.81"),
        ),
    ),
    vat_rate=Decimal("19.00"),
    gross=Decimal("99.00"),
    net=Decimal("83.19"),
    vat=Decimal("15.81"),
    currency="EUR",
    card=CardMovement(brand="Visa", last4="4242", on=date(2024, 2, 10)),
    calculation=("One year at the contract's price.",),
    notes=("Thank you.",),
)
CREDIT_NOTE = replace(
    INVOICE,
    kind="credit_note",
    number="CN-CY-2024-000001",
    issued_on=date(2024, 5, 30),
    lines=(replace(INVOICE.lines[0], gross=Decimal("66.00"), net=Decimal("55.46"), vat=Decimal("10.54")),),
    gross=Decimal("66.00"),
    net=Decimal("55.46"),
    vat=Decimal("10.54"),
    card=CardMovement(brand="Visa", last4="4242", on=date(2024, 6, 6)),
    corrects_number="CY-2024-000001",
)


def charged(gross: str, rate: str, **fields: Any) -> DocumentContents:
    """The invoice over another amount or rate."""
    split = split_gross(Decimal(gross), Decimal(rate))
    amounts = {"gross": split.gross, "net": split.net, "vat": split.vat}
    line = replace(INVOICE.lines[0], **amounts)
    return replace(INVOICE, lines=(line,), vat_rate=Decimal(rate), **amounts, **fields)
