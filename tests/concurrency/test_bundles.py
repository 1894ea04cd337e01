"""Asked for by many at once: a year is prepared once, a document is mailed once."""

from functools import partial

import pytest

from accounts.models import Account
from portal.models import AuditRecord
from subscriptions.actions.again import SENT_AGAIN, send_document_again
from subscriptions.actions.bundle import bundle_year, prepare_step
from subscriptions.models import Document, DocumentBundle
from subscriptions.papers.history import Wanted
from tests import make
from tests.concurrency.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = make.NOW + make.days(1)


@pytest.fixture
def invoice(car, card, digital_key, gateway, files) -> Document:
    make.subscription(car, package=digital_key, gateway=gateway)
    return Document.objects.get()


def test_a_year_asked_for_eight_times_at_once_is_prepared_once(invoice, owner):
    ask = partial(bundle_year, account=owner, wanted=Wanted(year=2026), now=LATER, by=owner)
    assert at_once(*[ask] * 8) == {"done": 8}
    assert DocumentBundle.objects.count() == 1


def test_a_step_taken_by_four_workers_at_once_counts_once(invoice, owner):
    row = bundle_year(account=owner, wanted=Wanted(year=2026), now=LATER, by=owner)
    assert at_once(*[partial(prepare_step, bundle_id=row.pk, now=LATER)] * 4)["done"] >= 1
    row.refresh_from_db()
    assert (row.done, row.total, row.is_ready) == (1, 1, True)


def test_a_document_asked_for_eight_times_at_once_is_mailed_once(invoice, owner):
    by = Account.objects.get(pk=owner.pk)
    ask = partial(send_document_again, document=invoice, times=0, now=LATER, by=by)
    assert at_once(*[ask] * 8) == {"done": 1, "already_done": 7}
    assert AuditRecord.objects.filter(what=SENT_AGAIN).count() == 1
