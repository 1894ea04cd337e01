"""What a code read by a camera says: a pairing code or a VIN (G2). Anything else is nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from garage.rules import pairing, vin

# Fields of a label are parted by blanks, signs or the invisible separators of DataMatrix; longer texts are not read.
_PARTED = re.compile(r"[^A-Z0-9]+")
LONGEST = 500


class Kind(StrEnum):
    VIN = "vin"
    CODE = "code"


@dataclass(frozen=True, kw_only=True)
class Found:
    kind: Kind
    value: str


def find(texts: Iterable[str]) -> tuple[Found, ...]:
    """All different things in what was read, in their order."""
    return tuple(dict.fromkeys(found for text in texts if (found := _find(text[:LONGEST]))))


def _find(text: str) -> Found | None:
    # The head unit's QR code is an address of the portal with the code behind its #.
    code = pairing.clean(text.rpartition("#")[2])
    if pairing.is_well_formed(code):
        return Found(kind=Kind.CODE, value=pairing.grouped(code))
    parts = _PARTED.split(text.upper())
    found = next((number for part in [*parts, "".join(parts)] if (number := _vin(part))), None)
    return Found(kind=Kind.VIN, value=found) if found else None


def _vin(part: str) -> str:
    """Import labels put the letter I, which no VIN has, before the number."""
    number = part.removeprefix("I") if len(part) == vin.LENGTH + 1 else part
    return "" if vin.faults(number) else number
