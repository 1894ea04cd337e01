"""Words that mean the same to who asks, and words that ask but say nothing; one file for each language (H2).

A line is a set of words that mean the same; the line that begins with a hyphen lists words to leave out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from support.rules.folding import words_of


@dataclass(frozen=True)
class Vocabulary:
    same: Mapping[str, frozenset[str]]
    # Question words and courtesies.
    empty: frozenset[str]


def read_vocabulary(text: str) -> Vocabulary:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    same: dict[str, frozenset[str]] = {}
    for line in lines:
        if not line.startswith("-"):
            group = frozenset(words_of(line))
            same |= {word: same.get(word, frozenset()) | group for word in group}
    empty = frozenset(word for line in lines if line.startswith("-") for word in words_of(line))
    return Vocabulary(same=same, empty=empty)
