"""Money is gross `Decimal` with two places; this module is the only place that rounds (product rules, "Words")."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """The amount with two places, half a cent rounded up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Split:
    """A gross amount taken apart; gross = net + vat always holds."""

    gross: Decimal
    net: Decimal
    vat: Decimal


def split_gross(gross: Decimal, vat_rate: Decimal) -> Split:
    """Net and VAT of a gross amount. `vat_rate` is a percentage (19 for 19 %)."""
    net = cents(gross / (1 + vat_rate / 100))
    return Split(gross=cents(gross), net=net, vat=cents(gross) - net)
