"""Vehicle identification numbers: what is mended in silence, and what is wrong with the rest (G2).

There is no check digit here: ISO 3779 leaves it to the region, and European makers use its place for something else.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

LENGTH = 17
FORBIDDEN_LETTERS = {"I": "1", "O": "0", "Q": "0"}
ALLOWED = frozenset("ABCDEFGHJKLMNPRSTUVWXYZ0123456789")
_IGNORED_CATEGORIES = {"Zs", "Zl", "Zp", "Pd", "Cf"}
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class VinProblem(StrEnum):
    LENGTH = "length"
    FORBIDDEN_LETTER = "forbidden_letter"
    CHARACTER = "character"


@dataclass(frozen=True, kw_only=True)
class VinFault:
    """One thing wrong: `count` for the length; `position` (from 1), `character` and `hint` for a character."""

    problem: VinProblem
    count: int = 0
    position: int = 0
    character: str = ""
    hint: str = ""


def clean(text: str) -> str:
    """Upper-case, without spaces, dashes and what cannot be seen; nothing else is changed."""
    kept = (c for c in text if not c.isspace() and unicodedata.category(c) not in _IGNORED_CATEGORIES)
    return "".join(kept).translate(_UPPER)


def faults(vin: str) -> tuple[VinFault, ...]:
    """All that is wrong with a cleaned VIN, the characters in their order, the length last; empty if nothing is."""
    of_characters = [_character_fault(position, c) for position, c in enumerate(vin, start=1) if c not in ALLOWED]
    of_length = [VinFault(problem=VinProblem.LENGTH, count=len(vin))] if len(vin) != LENGTH else []
    return (*of_characters, *of_length)


def _character_fault(position: int, character: str) -> VinFault:
    hint = FORBIDDEN_LETTERS.get(character, "")
    problem = VinProblem.FORBIDDEN_LETTER if hint else VinProblem.CHARACTER
    return VinFault(problem=problem, position=position, character=character, hint=hint)
