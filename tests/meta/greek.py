"""What of a page or a mail in Greek is still English."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

from babel.messages import Catalog, Message

# Attributes that are read out or shown.
SPOKEN = {"aria-label", "alt", "title", "placeholder", "data-label"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{\w*\}")
# Four English words in a row are a sentence, whoever wrote it; a name has fewer.
SENTENCE = re.compile(r"\b(?:[A-Za-z][a-z’']*,? ){3}[a-z]{2,}\b")


class Shown(HTMLParser):
    """The texts of a page: every text and spoken attribute but what says of itself that it is not to be translated."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.foreign: list[bool] = [False]
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        facts = dict(attributes)
        foreign = self.foreign[-1] or facts.get("translate") == "no" or facts.get("lang", "el") != "el"
        if not foreign:
            self.texts += [value for name, value in attributes if name in SPOKEN and value]
        if tag not in VOID:
            self.foreign.append(foreign or tag in {"script", "style"})

    def handle_endtag(self, tag: str) -> None:
        self.foreign.pop()

    def handle_data(self, data: str) -> None:
        if not self.foreign[-1] and data.strip():
            self.texts.append(" ".join(data.split()))


def english_messages(catalogue: Catalog) -> dict[str, re.Pattern[str]]:
    """The messages that read differently in Greek, each as a pattern in which anything may be filled in."""
    found = {}
    for message in catalogue:
        if message.id and message.string != message.id:
            found |= {text: _pattern(text) for text in _texts(message)}
    return found


def placeholders(text: str) -> list[str]:
    return sorted(match.group() for match in PLACEHOLDER.finditer(text))


def english_in(texts: list[str], messages: dict[str, re.Pattern[str]]) -> Iterator[str]:
    """Whole texts that are one of the messages, and runs of English words."""
    begun = _by_beginning(tuple(messages.items()))
    for text in texts:
        likely = begun.get(text[:1], []) + begun.get("", [])
        yield from (message for message, pattern in likely if pattern.fullmatch(text))
        yield from (match.group() for match in SENTENCE.finditer(text))


@cache
def _by_beginning(messages: tuple[tuple[str, re.Pattern[str]], ...]) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """By the first character; "" are those that begin with anything."""
    found = defaultdict(list)
    for message, pattern in messages:
        found["" if PLACEHOLDER.match(message) else message[:1]].append((message, pattern))
    return found


def _texts(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _pattern(text: str) -> re.Pattern[str]:
    """A message that begins with a placeholder would find itself in Greek, where nothing but signs is left of it."""
    parts = [re.escape(part.replace("%%", "%")) for part in PLACEHOLDER.sub("\0", text).split("\0")]
    return re.compile(".+?".join(parts))
