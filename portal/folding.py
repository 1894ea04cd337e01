"""Words as search compares them: small, without accents; and Greek as it sounds when typed in Latin letters (H2)."""

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

# A shorter word has too many neighbours to tell which was meant.
SHORTEST_MENDED = 4

_WORD = re.compile(r"[^\W_]+")
_GREEK = re.compile(r"[\u0370-\u03ff]")

# What is written in several ways becomes one letter. Longer spellings stand first.
_GREEK_PAIRS = (
    *(("ου", "u"), ("αι", "e"), ("ει", "i"), ("οι", "i"), ("υι", "i"), ("αυ", "av"), ("ευ", "ev")),
    *(("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("γγ", "g"), ("τζ", "j"), ("τσ", "ts")),
)
_GREEK_LETTERS = str.maketrans(
    {
        **dict(zip("αβγδεζηικλμνοπρςστυφω", "avgdeziiklmnoprsstifo", strict=True)),
        "θ": "8",
        "ξ": "3",
        "χ": "x",
        "ψ": "4",
    }
)
_LATIN_H = (("th", "8"), ("ch", "x"), ("kh", "x"), ("ph", "f"), ("gh", "g"), ("dh", "d"))
# What a Latin letter stands for as well: x for xi, u for ypsilon.
_OTHERWISE = {"x": "ks", "u": "y"}
MOST_SOUNDS = 8
# An h that begins no syllable is the letter that looks like one.
_ETA = re.compile(r"h(?![aeiouyw])")
_LATIN_PAIRS = (
    *(("ks", "3"), ("ps", "4")),
    *(("ou", "u"), ("ai", "e"), ("ei", "i"), ("oi", "i"), ("au", "av"), ("eu", "ev"), ("af", "av"), ("ef", "ev")),
    *(("mp", "b"), ("nt", "d"), ("gk", "g"), ("gg", "g"), ("ng", "g"), ("tz", "j"), ("b", "v"), ("c", "k")),
    *(("y", "i"), ("w", "o"), ("q", "k")),
)


def fold(text: str) -> str:
    """Small letters without accents; a final sigma is a sigma."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return unicodedata.normalize("NFC", plain).replace("ς", "σ")


def words_of(text: str) -> list[str]:
    """The folded words in their order."""
    return _WORD.findall(fold(text.replace("'", "").replace("\u2019", "")))


def is_greek(word: str) -> bool:
    return _GREEK.search(word) is not None


@lru_cache(maxsize=20_000)
def sound_of(word: str) -> str:
    """A folded Greek word, in Greek or in Latin letters, as one spelling of how it sounds."""
    if is_greek(word):
        return _joined(_replaced(word, _GREEK_PAIRS).translate(_GREEK_LETTERS))
    return _joined(_replaced(_ETA.sub("i", _replaced(word, _LATIN_H)), _LATIN_PAIRS).replace("h", "x"))


def sounds_of(word: str) -> list[str]:
    """All that a folded word may sound like where Greek is typed: a Latin letter can stand for two Greek ones."""
    if is_greek(word):
        return [sound_of(word)]
    choices = [(letter, _OTHERWISE[letter]) if letter in _OTHERWISE else (letter,) for letter in _letters(word)]
    spellings = islice(product(*choices), MOST_SOUNDS)
    return list(dict.fromkeys(sound_of("".join(each)) for each in spellings))


def _letters(word: str) -> list[str]:
    """An u after an o belongs to it."""
    return re.findall("ou|.", word)


def near_of(sound: str) -> list[str]:
    """The word, and it without each of its letters. Two words that share one of these are one typing error apart:
    a letter too many, one left out, another one, or two that changed places. Short words and numbers have none."""
    if len(sound) < SHORTEST_MENDED or sound.isdigit():
        return []
    return sorted({sound, *(sound[:place] + sound[place + 1 :] for place in range(len(sound)))})


def _replaced(word: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for written, sound in pairs:
        word = word.replace(written, sound)
    return word


def _joined(sound: str) -> str:
    """Without what people double or leave out; b is typed for beta and for mu-pi alike."""
    return re.sub(r"(.)\1+", r"\1", sound.replace("b", "v"))
