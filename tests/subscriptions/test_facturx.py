"""The PDF with the invoice in it, read from outside (I1, I3, I4)."""

import io
from dataclasses import replace

import facturx
import pikepdf
import pytest
from lxml import etree

from subscriptions.invoicing.einvoice import xml_of
from subscriptions.invoicing.facturx import MetadataNotKnown, declare
from subscriptions.invoicing.render import render_pdf
from tests import outside
from tests.einvoices import broken_rules
from tests.subscriptions.contents import CREDIT_NOTE, INVOICE

DOCUMENTS = [replace(it, language=language) for it in (INVOICE, CREDIT_NOTE) for language in ("en", "el")]


@pytest.mark.parametrize("contents", DOCUMENTS)
def test_a_foreign_program_finds_the_invoice_in_the_pdf(contents):
    name, xml = facturx.get_xml_from_pdf(render_pdf(contents), check_xsd=True, check_schematron=False)
    assert name == "factur-x.xml"
    assert xml == xml_of(contents)
    assert broken_rules(xml) == []
    assert facturx.get_level(etree.fromstring(xml)) == "en16931"


@pytest.mark.parametrize("contents", DOCUMENTS)
def test_it_is_whole_one_a4_page_and_tagged(contents, tmp_path):
    pdf = render_pdf(contents)
    assert outside.syntax_problems(pdf, tmp_path) == []
    assert outside.facts(pdf, tmp_path) == {"pages": "1", "size": "595 x 842", "tagged": "yes"}


def test_the_longest_name_and_address_that_forms_take_leave_it_one_page(tmp_path):
    words = "Παπαδόπουλος " * 10
    lines = (
        words[:120],
        words[:120],
        f"123456789012 {words[:80]}",
        "Ηνωμένο Βασίλειο",
        f"{'a' * 64}@{'b' * 60}.example.com",
    )
    buyer = replace(
        INVOICE.buyer, name=words[:120], address_lines=lines, reference=words[:40], vat_number="CY10123456A"
    )
    contents = replace(CREDIT_NOTE, language="el", buyer=buyer, calculation=(words, words))
    assert outside.facts(render_pdf(contents), tmp_path)["pages"] == "1"


def test_it_says_that_it_is_archival_accessible_and_an_invoice():
    assert outside.claims(render_pdf(INVOICE)) == {
        "pdfaid:part": "3",
        "pdfaid:conformance": "A",
        "pdfuaid:part": "1",
        "DocumentType": "INVOICE",
        "DocumentFileName": "factur-x.xml",
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    }


def test_the_attachment_is_tied_to_the_document_and_described():
    with pikepdf.open(io.BytesIO(render_pdf(replace(INVOICE, language="el")))) as document:
        (attached,) = document.Root.AF
        assert attached.AFRelationship == "/Alternative"
        assert "EN 16931" in str(attached.Desc)
        assert attached.EF.F.Subtype == "/text/xml"
        assert attached.objgen == document.Root.Names.EmbeddedFiles.Names[1].objgen


def test_each_property_that_archival_pdf_does_not_know_is_described():
    with pikepdf.open(io.BytesIO(render_pdf(INVOICE))) as document:
        metadata = etree.fromstring(document.Root.Metadata.read_bytes())
        assert "/Filter" not in document.Root.Metadata
    names = {
        "schema": "http://www.aiim.org/pdfa/ns/schema#",
        "property": "http://www.aiim.org/pdfa/ns/property#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    }
    (schema,) = metadata.xpath(f"//*[schema:namespaceURI='{outside.FACTUR_X}']", namespaces=names)
    described = schema.xpath(".//property:name/text()", namespaces=names)
    used = metadata.xpath(f"//*[namespace-uri()='{outside.FACTUR_X}']")
    assert {etree.QName(each).localname for each in used} == set(described)


def test_a_typesetter_that_writes_other_metadata_is_noticed():
    empty, made = pikepdf.new(), io.BytesIO()
    empty.Root.Metadata = empty.make_stream(b"<rdf:RDF></rdf:RDF>")
    empty.save(made)
    with pytest.raises(MetadataNotKnown):
        declare(made.getvalue())
