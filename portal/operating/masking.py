"""Personal data where none belongs: masked in whatever is written for operators (log lines, reports of faults).

What a line says of an address of the site comes from its route, not from what was typed; this is for the rest, such as
an exception that repeats a value. Names cannot be told from words: no line of ours has one.
"""

import re

from portal.card_numbers import masked as without_card_numbers

SECRET = re.compile(
    r"(?i)\b(bearer|basic|token|password|passwd|secret|authorization|cookie)(['\"]?\s*[:= ]\s*['\"]?)"
    r"(?!\[)((bearer|basic)\s+)?[^\s\"',;)]{6,}"
)
# In the order in which they are tried.
PATTERNS = (
    # What PostgreSQL tells of a row.
    (re.compile(r"(?ms)(Failing row contains) \(.*?\)(?=\.?\s*$)"), r"\1 ([row])"),
    (re.compile(r"(Key \([^=]*\))=\(.*?\)(?= |$)", re.MULTILINE), r"\1=([value])"),
    # Django says so of a host that is not ours, with what a stranger sent, in small letters too.
    (re.compile(r"(HTTP_HOST header:|You may need to add) '[^\n]*?'(?=[. ]|$)"), r"\1 [host]"),
    (re.compile(r"([\w/])\?[^\s\"'<>]+"), r"\1?[query]"),
    (re.compile(r"(?<![^\s@\"'<>(,:=])[^\s@\"'<>(,:=]+(@|%40)[\w-]+(\.[\w-]+)+"), "[e-mail]"),
    (SECRET, r"\1\2[secret]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?"), "[token]"),
    # A VIN: seventeen signs without I, O and Q, digits and letters.
    (re.compile(r"(?i)(?<![\w-])(?=[a-z0-9]*[0-9])(?=[0-9]*[a-z])[a-hj-npr-z0-9]{17}(?![\w-])"), "[VIN]"),
    # Random by its looks: small and large letters and digits, or hexadecimal; no UUID, which is how rows are named.
    (re.compile(r"(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*[0-9])[\w-]{20,}(?![\w-])"), "[token]"),
    (re.compile(r"(?<![\w-])[0-9a-f]{33,}(?![\w-])"), "[token]"),
    # A telephone number, with its country; a bare number may be the number of a row.
    (re.compile(r"(?<![\w.])(\+|00|%2B)[1-9]([ ()./-]{0,2}[0-9]){6,14}(?!\w)"), "[telephone]"),
)


def masked(text: str) -> str:
    """Without card numbers, e-mail addresses, VINs, telephone numbers, secrets and what URLs are asked with."""
    text = without_card_numbers(text)
    for pattern, mask in PATTERNS:
        text = pattern.sub(mask, text)
    return text
