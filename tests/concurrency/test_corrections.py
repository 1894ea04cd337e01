"""An invoice is corrected once, however many ask at once; a refund that settles meanwhile names one that holds (I4)."""

import pytest

from accounts.models import BillingProfile
from subscriptions.actions.cancel import cancel
from subscriptions.actions.correct import correct_document, correction_quote
from subscriptions.actions.refund import send_refund
from subscriptions.models import Document, Refund
from tests import make
from tests.concurrency.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = make.NOW + make.days(100)


@pytest.fixture
def yearly(owner, car, card, digital_key, gateway):
    """60.00 paid, and the name on the invoice was wrong."""
    made = make.subscription(car, package=digital_key, gateway=gateway)
    BillingProfile.objects.update(name="Fleet Ltd")
    return made


def correction(owner, now):
    invoice = Document.objects.get(kind="invoice")
    quote = correction_quote(invoice, now=now, by=owner)
    return lambda: correct_document(invoice=invoice, confirmed=quote, now=now, by=owner)


def test_I4_of_four_who_correct_at_once_one_does(yearly, owner, now):
    said = at_once(*[correction(owner, now)] * 4)
    assert said == {"done": 1, "replaced": 3}
    assert Document.objects.count() == 3


def test_I4_a_refund_that_settles_meanwhile_is_credited_once(yearly, owner, gateway):
    cancel(subscription=yearly, confirmed=None, now=LATER, by=owner)
    refund = Refund.objects.get()
    said = at_once(correction(owner, LATER), lambda: send_refund(refund_id=refund.pk, now=LATER, gateway=gateway))
    # The correction was first, or it saw that less is open than was shown.
    assert said in ({"done": 2}, {"done": 1, "changed": 1})
    note = Document.objects.get(refund=refund)
    assert not Document.objects.filter(replaces=note.corrects).exists()
