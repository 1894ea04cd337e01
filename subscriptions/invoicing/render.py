"""Typesets an invoice or a credit note as PDF, tagged (PDF/UA-1) and archival (PDF/A-3a), in English or Greek.

It carries the same document for machines (Factur-X).

The same contents give the same bytes. What customers typed travels as JSON data and is never read as markup.
"""

import json
import os
import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock
from typing import Any

import typst
from babel.dates import format_date
from babel.numbers import format_currency, format_percent

from .contents import CardMovement, DocumentContents, DocumentLine, Vehicle
from .einvoice import xml_of
from .facturx import FILE_NAME, declare, pages_of
from .tidy import mapped, tidy

TEMPLATES = Path(__file__).parent / "templates"
LOCALES = {"en": "en_GB", "el": "el"}
UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
# What the template makes of its gaps and letters: a document should stand on one page, and nearly each does at once.
ROOMS = ("1", "0.35", "tight")

# Every fixed word on a document; what article 226 of Directive 2006/112/EC asks for has its label here.
WORDS = {
    "en": {
        "invoice": "Invoice",
        "credit_note": "Credit note",
        "issued_on": "Date of issue",
        "invoice_corrects": "Replaces invoice",
        "credit_note_corrects": "Credits invoice",
        "reference": "Your reference",
        "seller": "Seller",
        "buyer": "Customer",
        "vat_number": "VAT number",
        "registration": "Company registration number",
        "vehicle": "Vehicle",
        "vin": "VIN",
        "plate": "Registration plate",
        "description": "Description",
        "net": "Net",
        "vat": "VAT",
        "gross": "Gross",
        "taxable_amount": "Taxable amount",
        "vat_at": "VAT {rate}",
        "invoice_total": "Total including VAT",
        "credit_note_total": "Total credited including VAT",
        "invoice_card": "Paid on {on} with {brand} card ending in {last4}",
        "credit_note_card": "Refunded to {brand} card ending in {last4}, expected by {on}",
        "calculation": "How this was calculated",
        "notes": "Notes",
        "page": "Page {page} of {pages}",
        "attached": "This document for machines (EN 16931)",
    },
    "el": {
        "invoice": "Τιμολόγιο",
        "credit_note": "Πιστωτικό τιμολόγιο",
        "issued_on": "Ημερομηνία έκδοσης",
        "invoice_corrects": "Αντικαθιστά το τιμολόγιο",
        "credit_note_corrects": "Πιστώνει το τιμολόγιο",
        "reference": "Αριθμός αναφοράς σας",
        "seller": "Προμηθευτής",
        "buyer": "Πελάτης",
        "vat_number": "Αριθμός εγγραφής ΦΠΑ",
        "registration": "Αριθμός εγγραφής εταιρείας",
        "vehicle": "Όχημα",
        "vin": "Αριθμός πλαισίου (VIN)",
        "plate": "Αριθμός πινακίδας",
        "description": "Περιγραφή",
        "net": "Καθαρή αξία",
        "vat": "ΦΠΑ",
        "gross": "Με ΦΠΑ",
        "taxable_amount": "Φορολογητέα αξία",
        "vat_at": "ΦΠΑ {rate}",
        "invoice_total": "Σύνολο με ΦΠΑ",
        "credit_note_total": "Σύνολο πίστωσης με ΦΠΑ",
        "invoice_card": "Εξοφλήθηκε στις {on} με κάρτα {brand}, τελευταία ψηφία {last4}",
        "credit_note_card": "Επιστροφή στην κάρτα {brand}, τελευταία ψηφία {last4}· αναμένεται έως τις {on}",
        "calculation": "Τρόπος υπολογισμού",
        "notes": "Σημειώσεις",
        "page": "Σελίδα {page} από {pages}",
        "attached": "Το παραστατικό αυτό σε μορφή για υπολογιστές (EN 16931)",
    },
}

_lock = Lock()


def typeset(template: str, page: dict[str, Any], *, made_on: date) -> bytes:
    """Another paper by its own template (a certificate, L1), tagged and archival as a document is.

    A character that no font here has is printed as U+FFFD, as on a document.
    """
    tidied = mapped(page, tidy)
    try:
        return _compile(template, tidied, made_on=made_on)
    except typst.TypstError:
        return _compile(template, mapped(tidied, _legible), made_on=made_on)


def render_pdf(contents: DocumentContents) -> bytes:
    """The document as PDF (I1, I3); safe to call from many threads.

    A character that no font here has (Chinese, emoji) is printed as U+FFFD: archival PDF refuses it otherwise, and a
    customer's name must never keep an invoice from being made. Call it first after a fork, not before: see `_compiler`.
    """
    page, xml = mapped(_page(contents), tidy), xml_of(contents).decode()
    try:
        return declare(_on_one_page(page, xml=xml, made_on=contents.issued_on))
    except typst.TypstError:
        return declare(_on_one_page(mapped(page, _legible), xml=xml, made_on=contents.issued_on))


def _on_one_page(page: dict[str, Any], *, xml: str, made_on: date) -> bytes:
    """With as much room as one page has; what no room brings onto one has all of it."""
    found = []
    for room in ROOMS:
        found.append(_compile("document.typ", page, made_on=made_on, xml=xml, room=room))
        if pages_of(found[-1]) == 1:
            return found[-1]
    return found[0]


def _page(contents: DocumentContents) -> dict[str, Any]:
    """All that the template prints, in its order, as finished words."""
    words = WORDS[contents.language]
    return {
        "language": contents.language,
        "wordmark": contents.brand.wordmark,
        "accent": contents.brand.accent,
        "kind": words[contents.kind],
        "number": contents.number,
        "facts": _facts(contents, words),
        "parties": [_seller(contents, words), _buyer(contents, words)],
        "vehicle": _vehicle(contents.vehicle, words) if contents.vehicle else None,
        "columns": [words[name] for name in ("description", "net", "vat", "gross")],
        "lines": [_line(line, contents) for line in contents.lines],
        "sums": _sums(contents, words),
        "total": {"label": words[f"{contents.kind}_total"], "value": _money(contents.gross, contents)},
        "card": _card(contents.card, contents, words) if contents.card else None,
        "texts": _texts(contents, words),
        "page": words["page"],
        "attached": words["attached"],
    }


def _texts(contents: DocumentContents, words: dict[str, str]) -> list[dict[str, Any]]:
    reason = (contents.vat_reason,) if contents.vat_reason else ()
    texts = {"calculation": contents.calculation, "notes": (*reason, *contents.notes)}
    return [{"title": words[name], "sentences": list(sentences)} for name, sentences in texts.items() if sentences]


def _facts(contents: DocumentContents, words: dict[str, str]) -> list[dict[str, str]]:
    return _labelled(
        (words["issued_on"], _date(contents.issued_on, contents)),
        (words[f"{contents.kind}_corrects"], contents.corrects_number),
        (words["reference"], contents.buyer.reference),
    )


def _seller(contents: DocumentContents, words: dict[str, str]) -> dict[str, Any]:
    seller = contents.seller
    numbers = _labelled((words["vat_number"], seller.vat_number), (words["registration"], seller.registration))
    return {
        "title": words["seller"],
        "name": seller.name,
        "lines": [*seller.address_lines, *seller.contact_lines],
        "numbers": numbers,
    }


def _buyer(contents: DocumentContents, words: dict[str, str]) -> dict[str, Any]:
    buyer = contents.buyer
    numbers = _labelled((words["vat_number"], buyer.vat_number))
    return {"title": words["buyer"], "name": buyer.name, "lines": list(buyer.address_lines), "numbers": numbers}


def _vehicle(vehicle: Vehicle, words: dict[str, str]) -> dict[str, Any]:
    return {
        "title": words["vehicle"],
        "model": vehicle.model,
        "numbers": _labelled((words["vin"], vehicle.vin), (words["plate"], vehicle.plate)),
    }


def _line(line: DocumentLine, contents: DocumentContents) -> dict[str, Any]:
    return {
        "description": line.description,
        "period": f"{_date(line.period_from, contents)} \N{EN DASH} {_date(line.period_to, contents)}",
        "amounts": [_money(amount, contents) for amount in (line.net, line.vat, line.gross)],
    }


def _sums(contents: DocumentContents, words: dict[str, str]) -> list[dict[str, str]]:
    rate = format_percent(contents.vat_rate / 100, format="#,##0.##%", locale=LOCALES[contents.language])
    return _labelled(
        (words["taxable_amount"], _money(contents.net, contents)),
        (words["vat_at"].format(rate=rate), _money(contents.vat, contents)),
    )


def _card(card: CardMovement, contents: DocumentContents, words: dict[str, str]) -> str:
    sentence = words[f"{contents.kind}_card"]
    return sentence.format(on=_date(card.on, contents), brand=card.brand, last4=card.last4)


def _labelled(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs if value]


def _money(amount: Decimal, contents: DocumentContents) -> str:
    return format_currency(amount, contents.currency, locale=LOCALES[contents.language])


def _date(day: date, contents: DocumentContents) -> str:
    return format_date(day, format="long", locale=LOCALES[contents.language])


def _legible(text: str) -> str:
    """With U+FFFD for each character without a glyph, and without loose accents, which a font may lack."""
    letters = (character for character in text if unicodedata.category(character)[0] != "M")
    return "".join(letter if letter.isascii() or _has_glyph(letter) else UNPRINTABLE for letter in letters)


@lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    """Asks the typesetter itself, since only it knows the fonts that it carries."""
    try:
        _compile("glyph.typ", {"character": character}, made_on=date(2000, 1, 1))
    except typst.TypstError:
        return False
    return True


def _compile(template: str, page: dict[str, Any], *, made_on: date, xml: str = "", room: str = "") -> bytes:
    # Noon, so that a viewer in nearly any time zone shows the day of issue.
    made_at = datetime.combine(made_on, time(12), tzinfo=UTC)
    data = {"page": json.dumps(page), "file_name": FILE_NAME, "xml": xml, "room": room}
    with _lock:
        pdf = _compiler().compile(
            TEMPLATES / template, format="pdf", sys_inputs=data, pdf_standards=["a-3a", "ua-1"], timestamp=made_at
        )
    if not isinstance(pdf, bytes):
        raise TypeError(f"typst gave {type(pdf).__name__} for one document")
    return pdf


def _compiler() -> typst.Compiler:
    """One compiler for the process, since the first document costs many times the later ones.

    Its threads do not survive a fork: a child of a process that has rendered would wait for ever, so it is refused.
    """
    compiler, made_in = _made_compiler()
    if made_in != os.getpid():
        raise RuntimeError("documents were rendered before this process was forked; render only after the fork")
    return compiler


@lru_cache(maxsize=1)
def _made_compiler() -> tuple[typst.Compiler, int]:
    # No fonts of the machine: the same contents must give the same bytes everywhere.
    with as_file(files("font_manrope") / "files") as font_folder:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[font_folder])
    return typst.Compiler(TEMPLATES / "document.typ", root=TEMPLATES, font_paths=fonts), os.getpid()
