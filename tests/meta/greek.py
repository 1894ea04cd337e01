"""What of a page or a mail in Greek is still English."""

import re
from collections import defaultdict
from collections.abc import Iterator
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


# By their first character; under "" are those that begin with anything.
Messages = dict[str, dict[str, re.Pattern[str]]]


def english_messages(catalogue: Catalog) -> Messages:
    """The messages that read differently in Greek, each as a pattern in which anything may be filled in."""
    found: Messages = defaultdict(dict)
    for message in catalogue:
        if message.id and message.string != message.id:
            for text in _texts(message):
                found["" if PLACEHOLDER.match(text) else text[:1]][text] = _pattern(text)
    return found


def placeholders(text: str) -> list[str]:
    return sorted(match.group() for match in PLACEHOLDER.finditer(text))


def english_in(texts: list[str], messages: Messages) -> Iterator[str]:
    """Whole texts that are one of the messages, and runs of English words."""
    for text in texts:
        for likely in (messages[text[:1]], messages[""]):
            yield from (message for message, pattern in likely.items() if pattern.fullmatch(text))
        yield from (match.group() for match in SENTENCE.finditer(text))


def _texts(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _pattern(text: str) -> re.Pattern[str]:
    """A message that begins with a placeholder would find itself in Greek, where nothing but signs is left of it."""
    parts = [re.escape(part.replace("%%", "%")) for part in PLACEHOLDER.sub("\0", text).split("\0")]
    return re.compile(".+?".join(parts))
