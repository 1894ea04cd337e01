"""Selling a car (L1): when the sale is finished, and the two codes that go with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from garage.rules import pairing

# A transfer code: three groups of four, in the letters of the pairing code.
CODE_LENGTH = 12
CODE_LIFETIME = timedelta(days=30)
CODES_AN_HOUR = 10
# The number of a certificate: as long, and no secret.
CHECK_LENGTH = 12
# So much of a VIN is shown to whoever has no account: enough to compare, too little to look a car up.
VIN_SHOWN = 6


class Missing(StrEnum):
    """What keeps a sale from being finished, in the order in which it is mended."""

    LINK = "link"
    DRIVERS = "drivers"
    OTHERS = "others"
    REACHERS = "reachers"
    HEAD_UNIT = "head_unit"


@dataclass(frozen=True, kw_only=True)
class Connected:
    """What is connected with the car at one moment, as far as the seller's time goes."""

    is_linked: bool
    drivers: int
    # Other accounts that proved access, or drive, since before the car left.
    others: int
    # Apps, head units, profiles, third parties.
    reachers: int
    # The car has confirmed, or the seller declared, that no profile of the seller's is on its screen.
    is_head_unit_clear: bool


def missing(connected: Connected) -> tuple[Missing, ...]:
    """L1: finished only when nothing is connected any more."""
    found = {
        Missing.LINK: connected.is_linked,
        Missing.DRIVERS: connected.drivers > 0,
        Missing.OTHERS: connected.others > 0,
        Missing.REACHERS: connected.reachers > 0,
        Missing.HEAD_UNIT: not connected.is_head_unit_clear,
    }
    return tuple(each for each, is_missing in found.items() if is_missing)


def expires_at(*, issued_at: datetime) -> datetime:
    return issued_at + CODE_LIFETIME


def clean(text: str) -> str:
    """As a code is kept, however it was typed."""
    return pairing.clean(text)


def is_well_formed(code: str) -> bool:
    """Whether a cleaned text could be a transfer code, or the number of a certificate."""
    return len(code) == CODE_LENGTH and set(code) <= set(pairing.ALPHABET)


def grouped(code: str) -> str:
    """As it is printed: 4F7K-9XRT-2ACE."""
    return "-".join(code[start : start + pairing.GROUP] for start in range(0, len(code), pairing.GROUP))


def vin_shown(vin: str) -> str:
    """Its last characters: …900007."""
    return f"…{vin[-VIN_SHOWN:]}"
