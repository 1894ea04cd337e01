"""Cells of a CSV as a spreadsheet takes them."""

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), full-width signs included.
FORMULA_BEGINS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def harmless(text: str) -> str:
    """As text, whatever a customer typed: a spreadsheet that would calculate it shows it instead."""
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text
