"""Card numbers where none belong: found in text, kept out of logs (W1, K6). The portal never stores or shows one."""

import logging
import re
from collections.abc import Iterator
from itertools import accumulate

SHORTEST, LONGEST = 13, 19
MASK = "[card number]"
# Digits in groups, as they are printed on a card and typed or pasted from it: between two groups stand up to three of
# blanks, dots, dashes of every length, underscores and signs without a width.
_BETWEEN = r"[ \t._\-\u00a0\u00ad\u2000-\u2015\u202f\u2060\u2212\ufeff]{1,3}"
DIGITS_IN_GROUPS = re.compile(f"[0-9]+(?:{_BETWEEN}[0-9]+)*")
GROUP = re.compile(r"[0-9]+")


def contains_card_number(text: str) -> bool:
    """Whether 13 to 19 digits in a row look like a Visa or Mastercard number and pass the Luhn check."""
    return next(_spans(text), None) is not None


def masked(text: str) -> str:
    """The text with each card number replaced by `[card number]`."""
    for start, end in reversed(list(_spans(text))):
        text = text[:start] + MASK + text[end:]
    return text


def is_card_number(digits: str) -> bool:
    """`digits` without separators."""
    return SHORTEST <= len(digits) <= LONGEST and _is_visa_or_mastercard(digits) and _passes_luhn(digits)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for run in DIGITS_IN_GROUPS.finditer(text):
        groups = list(GROUP.finditer(text, run.start(), run.end()))
        first = 0
        while first < len(groups):
            last = _last_group(groups[first:])
            if last is not None:
                yield groups[first].start(), groups[first + last].end()
                first += last
            first += 1


def _last_group(groups: list[re.Match[str]]) -> int | None:
    """The place of the group that completes a card number which begins with the first one."""
    for place, digits in enumerate(accumulate(group[0] for group in groups[:LONGEST])):
        if is_card_number(digits):
            return place
    return None


def _is_visa_or_mastercard(digits: str) -> bool:
    return digits[0] == "4" or 51 <= int(digits[:2]) <= 55 or 2221 <= int(digits[:4]) <= 2720


def _passes_luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


class MaskCardNumbers(logging.Filter):
    """Logging filter: no card number reaches a log, in the message or in a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(self._message(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
        return True

    @staticmethod
    def _message(record: logging.LogRecord) -> str:
        try:
            return record.getMessage()
        except (TypeError, ValueError):
            # A log line with the wrong arguments must not break what it tells about.
            return f"{record.msg} {record.args}"
