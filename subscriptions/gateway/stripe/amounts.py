"""Amounts as Stripe counts them: whole numbers of a currency's smallest unit."""

from decimal import Decimal

CENT = Decimal("0.01")
# Of Stripe's list of currencies. It counts Icelandic krona and Ugandan shilling with two places, though they have none.
WITHOUT_PLACES = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
# The port has two places.
WITH_THREE_PLACES = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def to_minor_units(amount: Decimal, *, currency: str) -> int:
    """Exactly: raises `ValueError` for nothing, less than nothing, and what the currency has no coin for."""
    if not amount.is_finite() or amount <= 0:
        raise ValueError(f"{amount} cannot be moved.")
    minor = amount.scaleb(_places(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} {currency} is no whole number of the smallest unit.")
    return int(minor)


def from_minor_units(minor: int, *, currency: str) -> Decimal:
    """With two places, whatever the currency."""
    return Decimal(minor).scaleb(-_places(currency)).quantize(CENT)


def _places(currency: str) -> int:
    if currency.upper() in WITH_THREE_PLACES:
        raise ValueError(f"Amounts in {currency} have three places; the port has two.")
    return 0 if currency.upper() in WITHOUT_PLACES else 2
