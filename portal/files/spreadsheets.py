"""Cells of a CSV as a spreadsheet takes them."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), full-width signs included.
FORMULA_BEGINS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def harmless(text: str) -> str:
    """As text, whatever a customer typed: a spreadsheet that would calculate it shows it instead."""
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text


def cell(value: Any) -> str:
    """As JSON has it; a text that a spreadsheet would calculate is shown instead."""
    if isinstance(value, str):
        return harmless(value)
    if value is None:
        return ""
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return text[1:-1] if text.startswith('"') else text
