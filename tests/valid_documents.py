"""After a test every document must hold before the official rules: a fixture to import where that is to be so."""

import pytest

from subscriptions.invoicing.files import xml_of_document
from subscriptions.models import Document
from tests.einvoices import broken_rules


@pytest.fixture(autouse=True)
def _documents_keep_the_rules(db):
    yield
    assert_documents_keep_the_rules()


def assert_documents_keep_the_rules() -> int:
    """How many there are, which are looked at as the customer gets them."""
    documents = Document.objects.select_related("corrects", "replaces")
    broken = {str(document): broken_rules(xml_of_document(document)) for document in documents}
    assert not any(broken.values()), broken
    return len(broken)
