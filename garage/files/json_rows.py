"""Rows of a call: objects with the columns of the CSV file, read by the same rules."""

from collections.abc import Collection, Sequence
from typing import Any

from garage.files.csv_rows import BadCell, Columns, parse_texts


def parse_json_row(
    row: object, *, number: int, columns: Columns, optional: Collection[str] = ()
) -> tuple[dict[str, Any], list[BadCell]]:
    """The values by field, and all that is wrong with the row. What it leaves out, or is null, is empty; an optional
    column that it leaves out is not told at all."""
    if not isinstance(row, dict):
        return {}, [BadCell(line=number, column="", reason="a row is an object")]
    strange = [name for name in row if name not in columns]
    if strange:
        return {}, [BadCell(line=number, column=_printable(name), reason="no such column") for name in strange]
    no_texts = [name for name, value in row.items() if not _is_text(value)]
    if no_texts:
        reason = "neither a text, a whole number nor a list of texts"
        return {}, [BadCell(line=number, column=name, reason=reason) for name in no_texts]
    told = [name for name in columns if name in row or name not in optional]
    return parse_texts(((name, _text(row.get(name))) for name in told), number=number, columns=columns)


def _printable(name: str) -> str:
    """A name may hold half a character, which no answer can."""
    return name[:40].encode(errors="replace").decode()


def _is_text(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str) and ";" not in each for each in value)
    return value is None or isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def _text(value: str | int | Sequence[str] | None) -> str:
    """As it would stand in the file."""
    if value is None:
        return ""
    return str(value) if isinstance(value, str | int) else ";".join(value)
