"""After a test the ledger must add up: a fixture to import where that holds, which it then does for every test."""

import pytest
from django.db.models import Max

from portal.models import AuditRecord
from subscriptions.ledger.check import check_ledger
from tests import make


@pytest.fixture(autouse=True)
def _the_ledger_adds_up(db):
    yield
    assert list(check_ledger(now=latest())) == []


def latest():
    """The moment at which something happened last, whatever clock the test has."""
    return AuditRecord.objects.aggregate(at=Max("at"))["at"] or make.NOW
