"""From which date a car's free years count, and where that date comes from (C4)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class StartSource(StrEnum):
    WARRANTY = "warranty"
    PURCHASE = "purchase"
    FIRST_REGISTRATION = "first_registration"


@dataclass(frozen=True, kw_only=True)
class WarrantyStart:
    on: date
    source: StartSource


def warranty_start(
    *, warranty_start: date | None, purchased_on: date | None, first_registered_on: date | None
) -> WarrantyStart | None:
    """C4: the warranty start decides, then the purchase date, then the first registration; None if none is known."""
    candidates = [
        (warranty_start, StartSource.WARRANTY),
        (purchased_on, StartSource.PURCHASE),
        (first_registered_on, StartSource.FIRST_REGISTRATION),
    ]
    return next((WarrantyStart(on=on, source=source) for on, source in candidates if on), None)
