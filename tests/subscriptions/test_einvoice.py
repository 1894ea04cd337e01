"""The document for machines, against the official rules of EN 16931 (I3)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.money import split_gross
from subscriptions.invoicing.contents import Buyer, ContentsDisagree, Place
from subscriptions.invoicing.einvoice import xml_of
from tests.einvoices import broken_rules, value
from tests.subscriptions.contents import CREDIT_NOTE, INVOICE, charged

COMPANY = Buyer(
    name="Fleet & Söhne <Ltd>",
    address_lines=("1 Street", "1065 Nicosia", "Cyprus"),
    place=Place(country="CY", lines=("1 Street",), postcode="1065", town="Nicosia"),
    vat_number="CY10123456A",
    reference="Car 7",
)
TOTALS = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"


@pytest.mark.parametrize(
    "contents",
    [
        INVOICE,
        CREDIT_NOTE,
        replace(INVOICE, language="el"),
        replace(INVOICE, buyer=COMPANY),
        replace(CREDIT_NOTE, buyer=COMPANY),
        replace(INVOICE, buyer=Buyer(name="Maria", address_lines=(), place=Place(country="CY"))),
        replace(INVOICE, buyer=replace(COMPANY, vat_number="EL123456789", place=Place(country="GR"))),
        replace(INVOICE, vehicle=None, card=None),
        replace(INVOICE, number="CY-2024-000002", corrects_number="CY-2024-000001"),
        charged("99.00", "0", vat_category="Z"),
        charged("99.00", "0", vat_category="E", vat_reason="Exempt by article 1."),
        charged("99.00", "0", vat_category="AE", vat_reason="Reverse charge.", buyer=COMPANY),
        charged("9.90", "5.5"),
    ],
)
def test_I3_the_official_rules_find_nothing(contents):
    assert broken_rules(xml_of(contents)) == []


RATES = [("19", "S", ""), ("0", "Z", ""), ("0", "E", "Exempt by article 1.")]


@pytest.mark.parametrize("buyer", [INVOICE.buyer, COMPANY], ids=["person", "company"])
@pytest.mark.parametrize(("rate", "category", "reason"), RATES)
@pytest.mark.parametrize("kind", ["invoice", "credit_note"])
def test_I3_I5_each_kind_at_each_rate_for_each_buyer_is_valid(kind, rate, category, reason, buyer):
    fields = {"kind": kind, "buyer": buyer, "vat_category": category, "vat_reason": reason}
    if kind == "credit_note":
        fields |= {"number": CREDIT_NOTE.number, "corrects_number": INVOICE.number}
    assert broken_rules(xml_of(charged("66.00", rate, **fields))) == []


def _largest_rounding(rate: str) -> list[str]:
    """Prices whose VAT, as the rest of the gross, differs from net x rate rounded."""
    prices = (Decimal(cents) / 100 for cents in range(1, 40_000))
    splits = (split_gross(price, Decimal(rate)) for price in prices)
    return [
        str(split.gross) for split in splits if abs(split.vat - split.net * Decimal(rate) / 100) > Decimal("0.0058")
    ]


@pytest.mark.parametrize("rate", ["19", "24"])
def test_I3_the_cent_that_net_from_gross_leaves_is_within_the_rules(rate):
    gross = _largest_rounding(rate)
    assert gross
    for price in (gross[0], gross[-1]):
        assert broken_rules(xml_of(charged(price, rate))) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"99.00</ram:GrandTotal", b"98.00</ram:GrandTotal", "BR-CO-15"),
        (
            b">83.19</ram:LineTotalAmount>\n        <ram:Tax",
            b">83.18</ram:LineTotalAmount>\n        <ram:Tax",
            "BR-CO-10",
        ),
        (b'<ram:ID schemeID="VA">CY10000000X', b'<ram:ID schemeID="VA">10000000X', "BR-CO-09"),
        (b"<ram:CategoryCode>S", b"<ram:CategoryCode>E", "BR-E-"),
        (b"<ram:TypeCode>380", b"<ram:TypeCode>1", "FX-SCH-A-000555"),
        (b"<ram:CountryID>CY", b"<ram:CountryID>XX", "FX-SCH-A-000580"),
        (b"<ram:BuyerTradeParty>\n        <ram:Name>Maria Georgiou</ram:Name>", b"<ram:BuyerTradeParty>", "BR-07"),
    ],
)
def test_I3_what_is_wrong_is_caught_by_the_official_rules(old, new, rule):
    xml = xml_of(INVOICE)
    assert old in xml
    assert any(rule in broken for broken in broken_rules(xml.replace(old, new)))


def test_I1_a_credit_note_is_one_for_machines_and_names_its_invoice():
    xml = xml_of(CREDIT_NOTE)
    assert value(xml, "//rsm:ExchangedDocument/ram:TypeCode") == "381"
    assert value(xml, "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == "CY-2024-000001"
    assert (value(xml, f"{TOTALS}GrandTotalAmount"), value(xml, f"{TOTALS}DuePayableAmount")) == ("66.00", "0.00")


def test_I5_a_company_stands_with_its_number_and_reference():
    xml = xml_of(replace(INVOICE, buyer=COMPANY))
    assert value(xml, "//ram:BuyerTradeParty/ram:Name") == "Fleet & Söhne <Ltd>"
    assert value(xml, "//ram:BuyerTradeParty/ram:SpecifiedTaxRegistration/ram:ID") == "CY10123456A"
    assert value(xml, "//ram:BuyerReference") == "Car 7"


@pytest.mark.parametrize("name", ["nul \x00", "half \ud800", "\uffff", "]]>", "<!--", "&amp;", "Ann 😀 王"])
def test_no_name_breaks_the_file(name):
    assert broken_rules(xml_of(replace(INVOICE, buyer=replace(COMPANY, name=f"A {name}", reference=name)))) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"vat_category": "Z"},
        {"vat_reason": "Because."},
        {"vat_category": "E", "vat_rate": Decimal(0)},
    ],
)
def test_a_rate_without_its_category_is_no_document(fields):
    with pytest.raises(ContentsDisagree):
        replace(INVOICE, **fields)
