"""The sandbox's card numbers: which brand a number is of, whether it can be one, and how the test numbers behave."""

from dataclasses import dataclass
from typing import Literal, get_args

Behaviour = Literal[
    "ok",
    "fails_3ds",
    "insufficient_funds",
    "stolen",
    "expired",
    "needs_authentication",
    "provider_down",
    "timeout_charged",
    "timeout_not_charged",
]
RefundBehaviour = Literal["ok", "rejected"]
BEHAVIOURS: frozenset[str] = frozenset(get_args(Behaviour))
REFUND_BEHAVIOURS: frozenset[str] = frozenset(get_args(RefundBehaviour))

# Digits that a number of the brand may have.
LENGTHS = {"visa": {13, 16, 19}, "mastercard": {16}, "amex": {15}}
# Numbers made by `card_number` start so; no number of TEST_CARDS does.
MADE = {"visa": ("490000", 16), "mastercard": ("510000", 16), "amex": ("340000", 15)}


@dataclass(frozen=True, kw_only=True)
class SampleCard:
    number: str
    brand: str
    funding: str = "credit"
    behaviour: Behaviour = "ok"


TEST_CARDS = (
    SampleCard(number="4242424242424242", brand="visa"),
    SampleCard(number="4000000000000010", brand="visa"),
    SampleCard(number="5555555555554444", brand="mastercard"),
    SampleCard(number="378282246310005", brand="amex"),
    SampleCard(number="4000000000000028", brand="visa", funding="debit"),
    SampleCard(number="4000000000000036", brand="visa", behaviour="fails_3ds"),
    SampleCard(number="4000000000000044", brand="visa", behaviour="insufficient_funds"),
    SampleCard(number="4000000000000051", brand="visa", behaviour="stolen"),
    SampleCard(number="4000000000000069", brand="visa", behaviour="expired"),
    SampleCard(number="4000000000000077", brand="visa", behaviour="needs_authentication"),
    SampleCard(number="4000000000000085", brand="visa", behaviour="provider_down"),
    SampleCard(number="4000000000000093", brand="visa", behaviour="timeout_charged"),
    SampleCard(number="4000000000000101", brand="visa", behaviour="timeout_not_charged"),
)
_BY_NUMBER = {card.number: card for card in TEST_CARDS}


def sample_card(number: str) -> SampleCard:
    """What the sandbox knows of a number (digits only); one outside the table is an ordinary credit card."""
    return _BY_NUMBER.get(number) or SampleCard(number=number, brand=brand_of(number))


def brand_of(number: str) -> str:
    """visa, mastercard, amex or unknown, by the number's first digits."""
    if number.startswith("4"):
        return "visa"
    if number[:2] in {"34", "37"}:
        return "amex"
    is_mastercard = "51" <= number[:2] <= "55" or "2221" <= number[:4] <= "2720"
    return "mastercard" if is_mastercard else "unknown"


def passes_luhn(number: str) -> bool:
    """Whether the last digit is the check digit that belongs to the others."""
    return _luhn_sum(number) % 10 == 0


def card_number(brand: str, nth: int) -> str:
    """The nth (0, 1, ...) made-up number of a brand: passes Luhn, behaves `ok`, differs from every other nth."""
    prefix, length = MADE[brand]
    body = f"{prefix}{nth:0{length - len(prefix) - 1}d}"
    return f"{body}{-_luhn_sum(body + '0') % 10}"


def _luhn_sum(number: str) -> int:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
