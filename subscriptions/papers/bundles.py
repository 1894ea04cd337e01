"""Many documents in one ZIP, written while it is sent: of each its PDF and its XML, never more than one in memory."""

from collections.abc import Iterable, Iterator
from zipfile import ZIP_STORED, ZipFile

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.files.zipped import zip_entry
from portal.refusals import Refusal
from subscriptions.access import document_rows, documents_of
from subscriptions.invoicing.files import pdf_of, xml_of_document
from subscriptions.models import Document, DocumentBundle
from subscriptions.papers.history import Wanted, days_of, wanted_documents

# What the drawing of a document reads beside its row.
DRAWN_FROM = ("corrects", "replaces")
# Inside ZIPs a name in Latin letters: not every program reads others.
LEFT_OUT_NAME = "left-out.txt"


def documents_in(bundle: DocumentBundle) -> QuerySet[Document]:
    """As they were when it was asked for, the first issued first."""
    there = _asked_for(bundle).filter(issued_at__lte=bundle.requested_at)
    return there.select_related(*DRAWN_FROM).order_by("pk")


def zip_of(documents: Iterable[Document]) -> Iterator[bytes]:
    """The pieces of the ZIP. Documents whose file the law let go are named in a text instead (I4)."""
    why = _("The time for which the law has these kept is over. Their files were deleted:")
    return _pieces(documents, why)


def _asked_for(bundle: DocumentBundle) -> QuerySet[Document]:
    if bundle.account is None:
        start, end = days_of(bundle.year, bundle.month)
        return document_rows().filter(legal_entity=bundle.legal_entity_id, issued_on__gte=start, issued_on__lt=end)
    car = str(bundle.vehicle.public_id) if bundle.vehicle else ""
    return wanted_documents(
        documents_of(bundle.account), Wanted(car=car, year=bundle.year, kind=bundle.kind, number=bundle.number)
    )


def _pieces(documents: Iterable[Document], why: str) -> Iterator[bytes]:
    sink, left_out = _Sink(), []
    with ZipFile(sink, "w") as archive:  # type: ignore[call-overload]
        for document in documents:
            try:
                _add(archive, document)
            except Refusal:
                left_out.append(document.number)
            yield sink.taken()
        if left_out:
            archive.writestr(LEFT_OUT_NAME, "\ufeff" + "\r\n".join([why, *left_out, ""]))
    yield sink.taken()


def _add(archive: ZipFile, document: Document) -> None:
    # Both are made before one is written: a document is there whole or not at all.
    pdf, xml = pdf_of(document), xml_of_document(document)
    archive.writestr(zip_entry(f"{document.number}.pdf", at=document.issued_at, how=ZIP_STORED), pdf)
    archive.writestr(zip_entry(f"{document.number}.xml", at=document.issued_at), xml)


class _Sink:
    """A file that cannot go back, and gives away what was written to it."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._written.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        piece, self._written = b"".join(self._written), []
        return piece
