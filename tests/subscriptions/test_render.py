"""Invoices and credit notes as PDF (I1, I3, I4), read from outside with pypdf."""

import io
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pypdf
import pytest

from subscriptions.invoicing.contents import Buyer, ContentsDisagree, DocumentContents, Place
from subscriptions.invoicing.render import UNPRINTABLE, WORDS, render_pdf
from tests.subscriptions.contents import CREDIT_NOTE, INVOICE, charged

DOCUMENTS = [replace(it, language=language) for it in (INVOICE, CREDIT_NOTE) for language in ("en", "el")]


def read(contents: DocumentContents) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render_pdf(contents)))


def text_of(contents: DocumentContents) -> str:
    return spaced("\n".join(page.extract_text() for page in read(contents).pages))


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def bought_by(name: str, **fields: Any) -> DocumentContents:
    return replace(INVOICE, buyer=replace(INVOICE.buyer, name=name, **fields))


def with_lines(count: int) -> DocumentContents:
    lines = tuple(replace(INVOICE.lines[0], description=f"Package {place}.") for place in range(count))
    net, vat, gross = (amount * count for amount in (INVOICE.net, INVOICE.vat, INVOICE.gross))
    return replace(INVOICE, lines=lines, net=net, vat=vat, gross=gross)


@pytest.mark.parametrize("contents", DOCUMENTS)
def test_I4_the_same_contents_give_the_same_bytes_on_one_page(contents: DocumentContents) -> None:
    first = render_pdf(contents)
    render_pdf(bought_by("Somebody else"))
    assert render_pdf(contents) == first
    assert len(read(contents).pages) == 1


def test_I4_another_process_makes_the_same_bytes() -> None:
    code = "import sys, pickle; from subscriptions.invoicing.render import render_pdf; "
    code += f"sys.stdout.buffer.write(render_pdf(pickle.loads({pickle.dumps(INVOICE)!r})))"
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert elsewhere.stdout == render_pdf(INVOICE)


def test_I3_an_invoice_states_what_an_eu_vat_invoice_must() -> None:
    text = text_of(bought_by("Fleet Ltd", vat_number="CY10123456A", reference="Car 7"))
    parties = [
        "Example Motors Ltd",
        "12 Example Avenue",
        "CY10000000X",
        "HE 000000",
        "Fleet Ltd",
        "CY10123456A",
        "Car 7",
    ]
    goods = ["Navigation, yearly", "10 February 2024 – 9 February 2025", "JTJCKBFZ302012345", "KNA 123"]
    sums = ["Taxable amount €83.19", "VAT 19% €15.81", "Total including VAT €99.00"]
    for words in ["Invoice CY-2024-000001", "Date of issue 10 February 2024", *parties, *goods, *sums]:
        assert words in text


def test_I3_a_greek_invoice_has_greek_terms_amounts_and_dates() -> None:
    text = text_of(replace(INVOICE, language="el"))
    for words in ["Τιμολόγιο CY-2024-000001", "10 Φεβρουαρίου 2024", "ΦΠΑ 19% 15,81 €", "Σύνολο με ΦΠΑ 99,00 €"]:
        assert words in text


@pytest.mark.parametrize(
    ("language", "title", "corrects"),
    [("en", "Credit note", "Credits invoice"), ("el", "Πιστωτικό τιμολόγιο", "Πιστώνει το τιμολόγιο")],
)
def test_I1_a_credit_note_names_its_invoice(language: Any, title: str, corrects: str) -> None:
    text = text_of(replace(CREDIT_NOTE, language=language))
    assert f"{title} CN-CY-2024-000001" in text
    assert f"{corrects} CY-2024-000001" in text


def test_I4_a_mended_invoice_names_the_one_it_replaces() -> None:
    text = text_of(replace(INVOICE, number="CY-2024-000002", corrects_number="CY-2024-000001"))
    assert "Replaces invoice CY-2024-000001" in text


def test_X6_the_card_and_its_date_are_named() -> None:
    assert "Paid on 10 February 2024 with Visa card ending in 4242" in text_of(INVOICE)
    assert "Refunded to Visa card ending in 4242, expected by 6 June 2024" in text_of(CREDIT_NOTE)
    assert "card ending" not in text_of(replace(INVOICE, card=None))


def test_the_calculation_and_notes_are_printed_under_their_titles() -> None:
    text = text_of(INVOICE)
    assert "How this was calculated One year at the contract's price. Notes Thank you." in text
    assert "How this was calculated" not in text_of(replace(INVOICE, calculation=()))


def test_what_is_not_known_leaves_no_empty_label() -> None:
    text = text_of(
        replace(INVOICE, vehicle=None, buyer=Buyer(name="Maria Georgiou", address_lines=(), place=Place(country="CY")))
    )
    for label in ("vehicle", "vin", "plate", "reference"):
        assert WORDS["en"][label] not in text


@pytest.mark.parametrize(("rate", "printed"), [("19.00", "VAT 19%"), ("5.5", "VAT 5.5%"), ("0", "VAT 0%")])
def test_the_vat_rate_is_printed_without_idle_zeros(rate: str, printed: str) -> None:
    assert f"{printed} €" in text_of(charged("99.00", rate, vat_category="S" if Decimal(rate) else "Z"))


@pytest.mark.parametrize(
    "typed",
    ['#read("/etc/passwd")', "$x$", "*b*", "_i_", "<label> @ref", "\\ // /* -- ---", '"}, "number": "1', "{brand} {0}"],
)
def test_what_a_customer_typed_is_printed_as_typed(typed: str) -> None:
    contents = bought_by(typed, vat_number=typed, reference=typed)
    assert text_of(contents).count(typed) == 3


@pytest.mark.parametrize("name", ["W" * 200, "Παπαδοπούλου-Χριστοδουλίδου " * 7, "Ω" * 200])
def test_a_name_of_200_characters_wraps_inside_the_page(name: str) -> None:
    page = read(bought_by(name, reference=name)).pages[0].extract_text()
    assert re.sub(r"\s", "", page).count(re.sub(r"\s", "", name)) == 2
    assert max(len(line) for line in page.splitlines()) < 60


@pytest.mark.parametrize(
    "name", ["王小明", "Ann 😀", "\ue000", "half \ud800", "nul \x00", "\uffff", "❤\ufe0f 1\ufe0f\u20e3", "P\u035d"]
)
def test_no_character_keeps_a_document_from_being_made(name: str) -> None:
    text = text_of(bought_by(name, reference="Ρόδος"))
    assert "Total including VAT €99.00" in text
    assert "Ρόδος" in text


def test_only_the_characters_without_a_glyph_are_replaced() -> None:
    assert f"Ann{UNPRINTABLE} Ōé Иван Γιώργος" in text_of(bought_by("Ann😀 Ōé Иван Γιώργος"))


def test_marks_that_turn_the_reading_direction_are_dropped() -> None:
    assert "invoice for 99" in text_of(bought_by("invoice \u202efor 99\u200b"))


def test_a_document_of_many_lines_goes_on_over_pages_with_its_totals_once() -> None:
    contents = with_lines(60)
    text = text_of(contents)
    pages = len(read(contents).pages)
    assert pages > 2
    assert all(f"Package {place}. 10 February 2024 – 9 February 2025 €83.19" in text for place in range(60))
    assert text.count("VAT 19% €948.60") == 1
    assert f"Page {pages} of {pages}" in text
    assert text.count("Description Net VAT Gross") == pages - 1


@pytest.mark.parametrize("contents", DOCUMENTS)
def test_the_file_is_tagged_and_archival_and_says_what_it_is(contents: DocumentContents) -> None:
    reader = read(contents)
    catalogue: Any = reader.trailer["/Root"]
    about: Any = reader.metadata
    claims = catalogue["/Metadata"].get_data().decode()
    assert catalogue["/Lang"].startswith(contents.language)
    assert catalogue["/MarkInfo"]["/Marked"]
    for claim in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in claims
    assert about.title == f"{WORDS[contents.language][contents.kind]} {contents.number}"
    assert about.author == contents.seller.name
    assert about.creation_date.date() == contents.issued_on


@pytest.mark.parametrize("contents", DOCUMENTS)
def test_both_languages_are_set_in_the_sites_typeface(contents: DocumentContents) -> None:
    resources: Any = read(contents).pages[0]["/Resources"]
    assert all("Manrope" in font.get_object()["/BaseFont"] for font in resources["/Font"].values())


def test_eight_threads_at_once_get_each_their_own_document() -> None:
    asked = [bought_by(f"Customer {place}.") for place in range(32)]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(render_pdf, asked))
    assert made == [render_pdf(contents) for contents in asked]
    assert len(set(made)) == 32


def test_a_process_forked_after_rendering_is_told_so_instead_of_hanging() -> None:
    code = "import os, pickle; from subscriptions.invoicing.render import render_pdf; "
    code += (
        f"contents = pickle.loads({pickle.dumps(INVOICE)!r}); render_pdf(contents); os.fork() or render_pdf(contents); "
    )
    code += "os._exit(0)"
    forked = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert b"render only after the fork" in forked.stderr


@pytest.mark.parametrize(
    "wrong",
    [{"net": Decimal("83.18")}, {"gross": Decimal("100.00"), "net": Decimal("84.19")}, {"vat": Decimal("15.805")}],
)
def test_amounts_that_do_not_add_up_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ContentsDisagree):
        replace(INVOICE, **wrong)


def test_I1_a_credit_note_without_its_invoice_is_refused() -> None:
    with pytest.raises(ContentsDisagree, match="names its invoice"):
        replace(CREDIT_NOTE, corrects_number="")


def test_both_languages_have_every_word() -> None:
    assert WORDS["en"].keys() == WORDS["el"].keys()
    assert all(all(words.values()) for words in WORDS.values())
