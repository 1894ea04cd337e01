"""The PDF of a document: made from the row when it is first wanted, stored under the hash of its bytes (I3, I4)."""

from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from subscriptions.invoicing.printing import contents_of
from subscriptions.invoicing.render import render_pdf
from subscriptions.models import Document, DocumentFile


def pdf_of(document: Document) -> bytes:
    """The stored bytes, or the same bytes made again from the row."""
    stored = DocumentFile.objects.filter(document=document).first()
    if stored and default_storage.exists(str(stored.content.name)):
        with stored.content.open("rb") as file:
            return bytes(file.read())
    return _make(document)


def _make(document: Document) -> bytes:
    pdf = render_pdf(contents_of(document))
    digest = sha256(pdf).hexdigest()
    name = f"documents/{digest[:2]}/{digest}.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(pdf))
    with transaction.atomic():
        DocumentFile.objects.update_or_create(
            document=document, defaults={"sha256": digest, "content": name, "made_at": timezone.now()}
        )
    return pdf
