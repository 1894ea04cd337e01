"""What customers typed, without what is not to be seen."""

import unicodedata
from collections.abc import Callable
from typing import Any

HIDDEN = ("Cc", "Cf", "Cs")  # Unicode categories: control, format, half surrogate
NO_CHARACTERS: dict[int, str | None] = {0xFFFE: " ", 0xFFFF: " "}


def tidy(text: str) -> str:
    """Without control characters, half surrogates, and marks that reverse the reading direction."""
    kinds = {character: unicodedata.category(character) for character in set(text)}
    hidden = {ord(character): None if kind == "Cf" else " " for character, kind in kinds.items() if kind in HIDDEN}
    return unicodedata.normalize("NFC", text.translate(NO_CHARACTERS | hidden))


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same structure with every string in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: mapped(item, change) for key, item in value.items()}
    return [mapped(item, change) for item in value] if isinstance(value, list) else value
