"""The PDF of a document: made from its row when it is first wanted, stored under the hash of its bytes (I3, I4).

The first who wants it is the mail that leaves on commit; it waits in the outbox until the file is kept. A file that is
missing, or is not what its hash says, is made again from the row, with the same bytes.
"""

import logging
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal
from subscriptions.invoicing.einvoice import xml_of
from subscriptions.invoicing.printing import contents_of
from subscriptions.invoicing.render import render_pdf
from subscriptions.models import Document, DocumentFile

logger = logging.getLogger(__name__)
BLANKED = _("The time for which the law has invoices kept is over: your data were deleted, and the file with them.")


class NotKept(Exception):
    """The storage did not take the file, and holds nothing of it: the disk is full, or may not be written to."""


def pdf_of(document: Document) -> bytes:
    """For somebody who reads it now; that it could not be kept is logged and keeps nobody waiting.

    Raises `Refusal` document_blanked.
    """
    try:
        return kept_pdf_of(document)
    except NotKept:
        logger.exception("document %s was made and not kept", document)
        return render_pdf(contents_of(document))


def kept_pdf_of(document: Document) -> bytes:
    """The stored bytes, or the same bytes made again and stored. Raises `NotKept`, `Refusal` document_blanked."""
    check_not_blanked(document)
    return _stored(document) or _make(document)


def xml_of_document(document: Document) -> bytes:
    """The document for machines, as the PDF carries it: made from the row. Raises `Refusal` document_blanked."""
    check_not_blanked(document)
    return xml_of(contents_of(document))


def check_not_blanked(document: Document) -> None:
    """Raises `Refusal` document_blanked."""
    if document.is_blanked:
        raise Refusal("document_blanked", BLANKED)


def forget_files_of_blanked() -> int:
    """Deletes what is still stored of blanked documents; how many there were. Safe to repeat."""
    count = 0
    for count, stored in enumerate(DocumentFile.objects.filter(document__blanked_at__isnull=False), start=1):  # noqa: B007
        default_storage.delete(str(stored.content.name))
        stored.delete()
    return count


def _stored(document: Document) -> bytes | None:
    stored = DocumentFile.objects.filter(document=document).first()
    if stored is None:
        return None
    try:
        with default_storage.open(str(stored.content.name)) as file:
            pdf = bytes(file.read())
    except FileNotFoundError:
        return None
    return pdf if sha256(pdf).hexdigest() == stored.sha256 else None


def _make(document: Document) -> bytes:
    pdf = render_pdf(contents_of(document))
    digest = sha256(pdf).hexdigest()
    name = _keep(pdf, name=f"documents/{digest[:2]}/{digest}.pdf", document=document)
    facts = {"sha256": digest, "size": len(pdf), "content": name, "made_at": timezone.now()}
    DocumentFile.objects.update_or_create(document=document, defaults=facts)
    return pdf


def _keep(pdf: bytes, *, name: str, document: Document) -> str:
    try:
        # What stands there under this name is not these bytes, or it would have been found.
        default_storage.delete(name)
        return default_storage.save(name, ContentFile(pdf))
    except OSError as error:
        raise NotKept(f"{document}: the storage did not take {name} ({error.strerror or error})") from error
