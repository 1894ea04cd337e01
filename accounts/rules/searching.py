"""Words of a search and of what is searched, made plain so that they can be compared: no accents, no case (A4)."""

import re
import unicodedata

# More words than these make no search any narrower.
MOST_WORDS = 8
_NO_WORD = re.compile(r"[^0-9a-zα-ω]+")


def plain(text: str) -> str:
    """ "Λεμεσός" -> "λεμεσοσ", "Café-Bar" -> "cafe bar": letters and digits, words apart by one blank."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    without_marks = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _NO_WORD.sub(" ", without_marks).strip()


def search_words(typed: str) -> list[str]:
    """The words of what was typed, plain; all of them have to be found."""
    return plain(typed).split()[:MOST_WORDS]


def is_postcode(typed: str) -> bool:
    """Whether it is digits alone, three or more: then somebody says where they are."""
    return re.fullmatch(r"[0-9]{3,10}", plain(typed).replace(" ", "")) is not None
