"""The file of a document that the system before this one issued: read as it came, never made (I4)."""

import logging

from django.utils.translation import gettext as _

from portal.refusals import Refusal
from subscriptions.actions.move_in_documents import pdf_of_old
from subscriptions.invoicing.files import BLANKED
from subscriptions.models import OldDocument

logger = logging.getLogger(__name__)


def pdf_for_reading(document: OldDocument) -> bytes:
    """Raises `Refusal` document_blanked once the law let it go, document_lost where the storage has it no more."""
    if not document.is_kept:
        raise Refusal("document_blanked", BLANKED)
    if content := pdf_of_old(document):
        return content
    logger.error("the file of old document %s is not there, or not what it was", document.pk)
    raise Refusal("document_lost", _("We cannot find this file at the moment. Our customer centre can send it to you."))
