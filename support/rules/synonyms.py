"""Words that mean the same to who asks, words that only ask, and words that say nothing; a file a language (H2)."""

from dataclasses import dataclass

from portal.folding import words_of

SAME, ASKING, EMPTY = "same", "asking", "empty"
_KINDS = {"-": EMPTY, "?": ASKING}


@dataclass(frozen=True)
class Line:
    kind: str
    # As they are written, in their order.
    words: tuple[str, ...]


def read_lines(text: str) -> dict[str, Line]:
    """By what stands in the file. A line is a set of words that mean the same; one that begins with a hyphen lists
    words to leave out, one that begins with a question mark words that ask alike."""
    written = (line.strip() for line in text.splitlines())
    return {line: read_line(line) for line in written if line and not line.startswith("#")}


def read_line(line: str) -> Line:
    kind = _KINDS.get(line[0], SAME)
    return Line(kind, tuple(dict.fromkeys(line.lstrip("-? ").replace(",", " ").split())))


def folded(words: tuple[str, ...] | list[str]) -> list[str]:
    return list(dict.fromkeys(word for each in words for word in words_of(each)))


def asking_stem(words: list[str]) -> str:
    """What words that ask alike are known by; no word is written so."""
    return f"={folded(words)[0]}"
