"""Declares in the PDF's metadata that it carries an invoice for machines (Factur-X 1.0), which typst cannot.

Archival PDF wants every property described that it does not know itself; typst writes a list of such descriptions, and
ours joins it. Nothing else in the file changes, so the marks of PDF/A-3 and PDF/UA stay true.
"""

import io

import pikepdf

FILE_NAME = "factur-x.xml"
NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
PROPERTIES = {
    "DocumentType": ("INVOICE", "INVOICE"),
    "DocumentFileName": (FILE_NAME, "name of the embedded XML invoice file"),
    "Version": ("1.0", "version of the Factur-X XML schema"),
    "ConformanceLevel": ("EN 16931", "conformance level of the embedded Factur-X data"),
}
_END_OF_LIST = "</rdf:Bag></pdfaExtension:schemas>"
_END_OF_METADATA = "</rdf:RDF>"


class MetadataNotKnown(ValueError):
    """The typesetter writes other metadata than this module was written for."""


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def declare(pdf: bytes) -> bytes:
    """The same file with its metadata completed; the same bytes for the same file."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        metadata = document.Root.Metadata.read_bytes().decode()
        document.Root.Metadata = document.make_stream(
            _completed(metadata).encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
        )
        # Metadata stays readable for programs that know nothing of PDF, as archival PDF wants it.
        document.save(made, deterministic_id=True, compress_streams=False)
    return made.getvalue()


def _completed(metadata: str) -> str:
    if metadata.count(_END_OF_LIST) != 1 or metadata.count(_END_OF_METADATA) != 1:
        raise MetadataNotKnown("typst writes its metadata in another way than before")
    described = metadata.replace(_END_OF_LIST, f"{_description()}{_END_OF_LIST}")
    return described.replace(_END_OF_METADATA, f"{_values()}{_END_OF_METADATA}")


def _values() -> str:
    values = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, (value, _about) in PROPERTIES.items())
    return f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}">{values}</rdf:Description>'


def _description() -> str:
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{about}</pdfaProperty:description></rdf:li>"
        for name, (_value, about) in PROPERTIES.items()
    )
    return (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
