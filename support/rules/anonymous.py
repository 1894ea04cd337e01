"""What may be kept of words that somebody typed: nothing that names a person, a car or a card (H4)."""

import re

from portal.folding import words_of

# A word with that many digits is a number of somebody: telephone, plate, contract, VIN, card.
MANY_DIGITS = 3
# So many in all may be a number typed in pieces.
MANY_IN_ALL = 5
_ADDRESS = re.compile(r"\S*@\S*")
_VIN = re.compile(r"\b(?=\w*\d)[A-HJ-NPR-Z0-9]{17}\b", re.IGNORECASE)
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
_LONG_NUMBER = re.compile(r"\d(?:[ .\-/()]{0,2}\d){6,}")


def kept_words(typed: str, *, longest: int) -> str:
    """The words as search compares them, without those that may name somebody; empty if none is left."""
    words = words_of(_ADDRESS.sub(" ", typed))
    has_many = sum(_digits(word) for word in words) >= MANY_IN_ALL
    kept = [word for word in words if _digits(word) < (1 if has_many else MANY_DIGITS)]
    while len(" ".join(kept)) > longest:
        kept.pop()
    return " ".join(kept)


def names_somebody(text: str) -> bool:
    """Whether an e-mail address, a VIN or a telephone number stands in it."""
    rest = _DATE.sub("", text)
    return "@" in rest or any(pattern.search(rest) for pattern in (_VIN, _LONG_NUMBER))


def _digits(word: str) -> int:
    return sum(character.isdigit() for character in word)
