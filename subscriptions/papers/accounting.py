"""The list of documents for an accountant's spreadsheet: CSV in UTF-8 with its mark, parted by semicolons.

Semicolons, because names and addresses hold commas, and because a spreadsheet of this market takes them; days as
2026-06-10, amounts with a decimal point and without thousands, so that each program reads the same. Credit notes stand
with a minus: a column adds up to what the page says.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.files.spreadsheets import harmless
from subscriptions.models import Document
from subscriptions.models.document import DocumentKind
from subscriptions.words.terms import term_name

BYTE_ORDER_MARK = "\ufeff"


def csv_of(documents: Iterable[Document]) -> Iterator[str]:
    """The file in pieces, a line each; words are those of the active language when it is called."""
    kinds: dict[str, str] = {DocumentKind.INVOICE: _("Invoice"), DocumentKind.CREDIT_NOTE: _("Credit note")}
    terms = {term: term_name(term) for term in ("monthly", "yearly", "four-yearly")}
    return _lines(_headings(), documents, kinds=kinds, terms=terms)


def _headings() -> list[str]:
    return [
        _("Number"),
        _("Kind"),
        _("Date"),
        _("Invoice corrected"),
        _("Car"),
        _("VIN"),
        _("Reference"),
        _("Package"),
        _("Plan"),
        _("From"),
        _("To"),
        _("Net"),
        _("VAT rate"),
        _("VAT"),
        _("Total"),
        _("Currency"),
        _("Buyer"),
    ]


def _lines(
    headings: list[str], documents: Iterable[Document], *, kinds: dict[str, str], terms: dict[str, str]
) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BYTE_ORDER_MARK + writer.writerow(headings)  # type: ignore[operator]
    for document in documents:
        yield writer.writerow(_row(document, kinds=kinds, terms=terms))  # type: ignore[misc]


def _row(document: Document, *, kinds: dict[str, str], terms: dict[str, str]) -> list[str]:
    line, car, buyer = document.lines[0], document.vehicle, document.buyer
    return [
        document.number,
        kinds[document.kind],
        document.issued_on.isoformat(),
        document.credited_number,
        harmless(f"{car.get('model', '')} {car.get('plate', '')}".strip()),
        harmless(car.get("vin", "")),
        harmless(buyer.get("reference", "")),
        harmless(line["package"]),
        terms.get(line["term"], line["term"]),
        line["from"],
        # The last day with service, as it is printed.
        (date.fromisoformat(line["to"]) - timedelta(days=1)).isoformat(),
        _signed(document, document.net),
        str(document.vat_rate),
        _signed(document, document.vat),
        _signed(document, document.gross),
        document.currency,
        harmless(buyer.get("name", "")),
    ]


def _signed(document: Document, amount: Decimal) -> str:
    return str(-amount if document.is_credit_note else amount)


class _Echo:
    """What the writer of the standard library needs of a file: it gives the line back."""

    def write(self, line: str) -> str:
        return line
