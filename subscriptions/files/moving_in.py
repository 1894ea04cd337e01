"""The files of a move: which columns each has, and a line at a time, however large or broken the file is."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from accounts.actions.move_in import Accounts
from garage.actions.move_in import Links
from garage.files.csv_rows import (
    BadHeader,
    Columns,
    UnreadableFile,
    day,
    matching,
    one_of,
    parse_cells,
    read_header,
    vin,
)
from garage.files.csv_rows import text as any_text
from portal.card_numbers import contains_card_number
from portal.origins import Makes, Row
from subscriptions.actions.move_in import Subscriptions
from subscriptions.actions.move_in_documents import Documents
from subscriptions.actions.move_in_rights import PRIMARY, REMOVED, STORED, TRIAL, WITHDRAWAL, Cards, Rights
from subscriptions.rules.periods import TERM_MONTHS

LONGEST_LINE = 20_000
Parse = Callable[[str], Any]


def _text(longest: int) -> Parse:
    """What a spreadsheet would calculate, and a card's number, is never meant."""
    parse = any_text(longest)

    def read(written: str) -> str:
        if written.startswith(("=", "@")):
            raise ValueError(f"{written[:20]!r} begins like a formula")
        if contains_card_number(written):
            raise ValueError("holds a card's number, which no file of this portal may")
        return parse(written)

    return read


def _optional(parse: Parse, empty: Any = "") -> Parse:
    return lambda written: parse(written) if written else empty


def _date(written: str) -> date:
    found = day(written)
    if found is None:
        raise ValueError("is empty")
    return found


def _money(written: str) -> Decimal:
    amount = Decimal(matching(r"[0-9]{1,6}\.[0-9]{2}", "99.00")(written))
    if not amount:
        raise ValueError("is nothing")
    return amount


def _rate(written: str) -> Decimal:
    rate = Decimal(matching(r"[0-9]{1,2}(\.[0-9]{1,2})?", "19.00")(written))
    if not rate:
        raise ValueError("a rate of 0 needs a reason, and is ordered anew")
    return rate.quantize(Decimal("0.01"))


def _number(least: int, most: int) -> Parse:
    def read(written: str) -> int:
        if not re.fullmatch(r"[0-9]{1,4}", written) or not least <= int(written) <= most:
            raise ValueError(f"{written!r} is no number from {least} to {most}")
        return int(written)

    return read


def _flag(written: str) -> bool:
    return one_of(["yes", "no"])(written) == "yes"


def _address(written: str) -> str:
    return str(matching(r"[^@\s=]+@[^@\s]+\.[^@\s]+", "name@example.com")(any_text(254)(written.lower())))


_id = _text(60)
_country = matching(r"[A-Z]{2}", "CY")


@dataclass(frozen=True, kw_only=True)
class Table:
    """One file. `names` are the columns that make up the old id."""

    file: str
    columns: dict[str, Parse]
    names: tuple[str, ...]
    makes: Makes
    kind: str
    is_optional: bool = True

    @property
    def typed(self) -> Columns:
        return {name: (name, parse) for name, parse in self.columns.items()}


TABLES = (
    Table(
        file="accounts.csv",
        kind="account",
        names=("account",),
        makes=Accounts,
        is_optional=False,
        columns={
            "account": _id,
            "email": _address,
            "first_name": _optional(_text(80)),
            "last_name": _optional(_text(80)),
            "phone": _optional(matching(r"\+?[0-9 ()/.-]{3,30}", "+357 22 000000")),
            "language": matching(r"[a-z]{2}", "en"),
            "market": _country,
            "billing_name": _optional(_text(120)),
            "address_line_1": _optional(_text(120)),
            "address_line_2": _optional(_text(120)),
            "postcode": _optional(_text(12)),
            "town": _optional(_text(80)),
            "country": _optional(_country),
            "vat_number": _optional(_text(16)),
        },
    ),
    Table(
        file="links.csv",
        kind="link",
        names=("account", "vin"),
        makes=Links,
        columns={
            "account": _id,
            "vin": vin,
            "is_active": _flag,
            "is_verified": _flag,
            "linked_on": _date,
            "nickname": _optional(_text(40)),
        },
    ),
    Table(
        file="cards.csv",
        kind="card",
        names=("card",),
        makes=Cards,
        columns={
            "card": _id,
            "account": _id,
            "card_ref": _text(80),
            "fingerprint": _text(80),
            "brand": _text(20),
            "funding": _text(20),
            "last4": matching(r"[0-9]{4}", "4242"),
            "exp_month": _number(1, 12),
            "exp_year": _number(2000, 2100),
            "country": _optional(_country),
            "state": one_of([PRIMARY, STORED, REMOVED]),
        },
    ),
    Table(
        file="rights.csv",
        kind="right",
        names=("account", "right", "package"),
        makes=Rights,
        columns={
            "account": _id,
            "right": one_of([TRIAL, WITHDRAWAL]),
            "package": _optional(_text(40)),
            "used_on": _date,
        },
    ),
    Table(
        file="subscriptions.csv",
        kind="subscription",
        names=("subscription",),
        makes=Subscriptions,
        columns={
            "subscription": _id,
            "account": _id,
            "vin": vin,
            "package": _text(40),
            "term": one_of(list(TERM_MONTHS)),
            "activated_on": _date,
            "trial_months": _number(0, 1),
            "price": _money,
            "currency": matching(r"[A-Z]{3}", "EUR"),
            "vat_rate": _rate,
            "vat_country": _country,
            "next_charge_on": day,
            "ends_on": day,
            "cancelled_on": day,
            "paid": _optional(_money, None),
            "paid_on": day,
            "paid_with": _optional(_id),
            "charge_ref": _optional(_text(80)),
            "invoice": _optional(_text(40)),
        },
    ),
    Table(
        file="documents.csv",
        kind="document",
        names=("number",),
        makes=Documents,
        columns={
            "number": _text(40),
            "account": _id,
            "kind": one_of(["invoice", "credit_note"]),
            "issued_on": _date,
            "currency": matching(r"[A-Z]{3}", "EUR"),
            "gross": _money,
            "file": matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.pdf", "2024-000123.pdf"),
        },
    ),
)


@dataclass(frozen=True, kw_only=True)
class BadLine:
    line: int
    reason: str


def rows_of(table: Table, directory: Path) -> Iterator[Row | BadLine]:
    """Each line as a row, or what is wrong with it. Raises `UnreadableFile` if the file or its header is not there."""
    path = directory / table.file
    try:
        file = path.open("rb")
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        lines = _lines(file)
        names = _header(next(lines, (1, "")), table, path)
        for number, line in lines:
            if isinstance(line, BadLine):
                yield line
            elif line.strip():
                yield _row(table, line, number, names)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, str | BadLine]]:
    """Never more of a line in memory than one may be long."""
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        whole = raw.endswith(b"\n")
        if not whole and len(raw) > LONGEST_LINE:
            while not whole and (rest := file.readline(LONGEST_LINE)):
                whole = rest.endswith(b"\n")
            yield number, BadLine(line=number, reason=f"longer than {LONGEST_LINE} bytes")
        elif not whole:
            yield number, BadLine(line=number, reason="the file breaks off here: its last line has no end")
        else:
            yield number, _decoded(raw, number)


def _decoded(raw: bytes, number: int) -> str | BadLine:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        return BadLine(line=number, reason="not in UTF-8")


def _header(first: tuple[int, str | BadLine], table: Table, path: Path) -> list[str]:
    _number, line = first
    try:
        if isinstance(line, BadLine):
            raise BadHeader(f"Its first line is {line.reason}.")
        return read_header(line, columns=table.typed)
    except BadHeader as error:
        raise UnreadableFile(f"{path} cannot be taken. {error}") from error


def _row(table: Table, line: str, number: int, names: list[str]) -> Row | BadLine:
    try:
        values, bad = parse_cells(line, number=number, names=names, columns=table.typed)
    except (csv.Error, ArithmeticError) as error:
        return BadLine(line=number, reason=str(error))
    if bad:
        return BadLine(line=number, reason="; ".join(f"{cell.column}: {cell.reason}" for cell in bad))
    old_id = ":".join(str(values[name]) for name in table.names)
    return Row(line=number, old_id=old_id[:100], values=values)
