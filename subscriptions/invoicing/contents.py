"""Everything that stands on an invoice or a credit note, as values: what is printed or exported is made of these.

A credit note states what it gives back in positive amounts, as EN 16931 has it; its kind says which way the money went.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from subscriptions.rules.vat import STANDARD, UNTAXED

CENT = Decimal("0.01")


class ContentsDisagree(ValueError):
    """Amounts that do not add up: such a document must not be printed."""


@dataclass(frozen=True, kw_only=True)
class Brand:
    wordmark: str
    accent: str  # "#rrggbb"; drawn as a mark, never as text, so any contrast will do


@dataclass(frozen=True, kw_only=True)
class Place:
    """An address as machines read it; `country` is an ISO code, the one part that EN 16931 asks for."""

    country: str
    lines: tuple[str, ...] = ()
    postcode: str = ""
    town: str = ""


@dataclass(frozen=True, kw_only=True)
class Seller:
    name: str
    address_lines: tuple[str, ...]
    place: Place
    vat_number: str
    registration: str = ""
    contact_lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Buyer:
    name: str
    address_lines: tuple[str, ...]
    place: Place
    vat_number: str = ""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    model: str
    vin: str
    plate: str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentLine:
    """One period of one package. Both dates are inclusive: `period_to` is the last day with service."""

    description: str
    period_from: date
    period_to: date
    gross: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, kw_only=True)
class CardMovement:
    """The card that paid, and when; on a credit note the card refunded, and the day to expect it by (X6)."""

    brand: str  # as the customer knows it: "Visa"
    last4: str
    on: date


@dataclass(frozen=True, kw_only=True)
class DocumentContents:
    """An invoice or credit note (I3), as it was on the day (I4). Amounts have two places, `vat_rate` is a percentage.

    `corrects_number` is the invoice that a credit note credits (I1), or that a mended invoice replaces (I4).
    `vat_category` is EN 16931's code; `vat_reason` says why nothing is charged, where it must be said.
    `card` is None where no card moved money. Raises `ContentsDisagree` if the amounts do not add up.
    """

    kind: Literal["invoice", "credit_note"]
    number: str
    issued_on: date
    language: Literal["en", "el"]
    brand: Brand
    seller: Seller
    buyer: Buyer
    vehicle: Vehicle | None
    lines: tuple[DocumentLine, ...]
    vat_rate: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    currency: str
    vat_category: str = STANDARD
    vat_reason: str = ""
    card: CardMovement | None = None
    corrects_number: str = ""
    corrects_issued_on: date | None = None
    calculation: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_amounts(gross=self.gross, net=self.net, vat=self.vat)
        for line in self.lines:
            _check_amounts(gross=line.gross, net=line.net, vat=line.vat)
        if sum(line.gross for line in self.lines) != self.gross or sum(line.vat for line in self.lines) != self.vat:
            raise ContentsDisagree(f"{self.number}: the lines do not add up to the totals")
        if self.kind == "credit_note" and not self.corrects_number:
            raise ContentsDisagree(f"{self.number}: a credit note names its invoice")
        self._check_category()

    def _check_category(self) -> None:
        if (self.vat_rate == 0) != (self.vat_category in UNTAXED):
            raise ContentsDisagree(f"{self.number}: {self.vat_rate} % is not of category {self.vat_category}")
        if bool(self.vat_reason) != UNTAXED.get(self.vat_category, False):
            raise ContentsDisagree(f"{self.number}: an exemption, and nothing else, says why")


def _check_amounts(*, gross: Decimal, net: Decimal, vat: Decimal) -> None:
    if any(amount != amount.quantize(CENT) for amount in (gross, net, vat)):
        raise ContentsDisagree(f"{gross}, {net}, {vat}: amounts have two places")
    if net + vat != gross:
        raise ContentsDisagree(f"{net} + {vat} is not {gross}")
