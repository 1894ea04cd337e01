"""Which country's VAT a contract carries, and what proves it (I3): services by wire are taxed where the customer is.

Two items of evidence that do not contradict each other decide (Implementing Regulation (EU) 282/2011, articles 24b and
24f). What they leave open is decided here all the same, since an order cannot wait, and marked for finance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

STANDARD, ZERO_RATED, EXEMPT, REVERSE_CHARGE = "S", "Z", "E", "AE"
# EN 16931's codes of those that charge nothing, and whether the document must say why.
UNTAXED = {ZERO_RATED: False, EXEMPT: True, REVERSE_CHARGE: True}


class Review(StrEnum):
    """Why finance has to look; nothing where the evidence agrees and the rate is known."""

    NONE = ""
    ONE_EVIDENCE = "one_evidence"
    CONTRADICTION = "contradiction"
    NO_RATE = "no_rate"
    BUSINESS_ABROAD = "business_abroad"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Something that says where the customer is. `kind`: billing_address, card, market. `country`: ISO code."""

    kind: str
    country: str


@dataclass(frozen=True, kw_only=True)
class DatedRate:
    """A country's rate from a day on. `rate` is a percentage; `reason` says on the document why nothing is charged."""

    country: str
    valid_from: date
    rate: Decimal
    category: str = STANDARD
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """What a contract keeps: country, rate, the evidence that was there, and what finance has to look at."""

    country: str
    rate: Decimal
    category: str
    reason: str
    evidence: tuple[Evidence, ...]
    review: Review


def gather(*, billing_country: str, card_country: str, market_country: str) -> tuple[Evidence, ...]:
    """The items that are known, the weightiest first."""
    items = {"billing_address": billing_country, "card": card_country, "market": market_country}
    return tuple(Evidence(kind=kind, country=country) for kind, country in items.items() if country)


def place_of_supply(evidence: Sequence[Evidence], *, market_country: str) -> tuple[str, Review]:
    """The country that two items name; else the market's own, marked."""
    agreeing = (one.country for one, other in combinations(evidence, 2) if one.country == other.country)
    country = next(agreeing, "")
    if country:
        return country, Review.NONE
    return market_country, Review.CONTRADICTION if len(evidence) > 1 else Review.ONE_EVIDENCE


def rate_on(rates: Sequence[DatedRate], *, country: str, on: date) -> DatedRate | None:
    """The rate in force in a country on a day; None where none is kept."""
    begun = [each for each in rates if each.country == country and each.valid_from <= on]
    return max(begun, key=lambda each: each.valid_from, default=None)


def treat(
    *,
    evidence: Sequence[Evidence],
    rates: Sequence[DatedRate],
    market_country: str,
    market_rate: Decimal,
    business_country: str,
    on: date,
) -> Treatment:
    """The VAT of a contract made on a day. `business_country` is that of the customer's VAT number, or nothing.

    A business is charged as a consumer is: reverse charge is not offered. One from another country is marked, and so is
    a country for which no rate is kept: both carry the market's rate meanwhile.
    """
    country, review = place_of_supply(evidence, market_country=market_country)
    found = rate_on(rates, country=country, on=on)
    if found is None and country != market_country:
        review = review or Review.NO_RATE
        found = rate_on(rates, country=market_country, on=on)
    if business_country and business_country != market_country:
        review = review or Review.BUSINESS_ABROAD
    return Treatment(
        country=country,
        rate=found.rate if found else market_rate,
        category=found.category if found else STANDARD,
        reason=found.reason if found else "",
        evidence=tuple(evidence),
        review=review,
    )
