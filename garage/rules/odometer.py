"""Odometer readings as people type them."""

import re

# What six digits show; anything above is a slip of the finger and must not use up a try (V2).
HIGHEST_KM = 999_999
_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?P<mark>[ .,'’])[0-9]{3}(?:(?P=mark)[0-9]{3})*")


def parse_km(text: str) -> int | None:
    """Whole kilometres from "45230", "45 230", "45.230", "45,230 km"; None if not a whole number up to 999,999."""
    text = " ".join(text.split()).lower().removesuffix("km").removesuffix("χλμ").strip()
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        return None
    digits = re.sub(r"[^0-9]", "", text).lstrip("0") or "0"
    return int(digits) if len(digits) <= len(str(HIGHEST_KM)) else None
