"""Charges fall due while a long queue of mails stands before the worker (fault 55), with a real Celery worker."""

import os

import pytest

from portal import outbox
from portal.models import OutboxMessage
from tests.faults.actors import later
from tests.faults.books import assert_books_are_right
from tests.faults.celery_processes import at_work, eventually
from tests.faults.test_workers import RUN, paid
from tests.proof.results import note

pytestmark = pytest.mark.django_db(transaction=True)

# A hundred thousand of them take half an hour.
MAILS = int(os.environ.get("PROOF_MAILS", "600"))
DELIVER = "portal.tasks.deliver_outbox_message"


@pytest.fixture
def shift(bank, tmp_path):
    with at_work(bank, tmp_path) as shift:
        yield shift


def fill_the_queue(shift, now) -> None:
    mail = {"subject": "Hello", "text": "Hello", "html": "<p>Hello</p>"}
    work = [(f"mail:{n}", {"key": str(n), "to": f"reader{n}@example.com"} | mail) for n in range(MAILS)]
    outbox.enqueue_all("mail", work, now=now)
    for pk in OutboxMessage.objects.filter(handler="mail").values_list("pk", flat=True):
        shift.send(DELIVER, args=[pk])


def mails_sent() -> int:
    return OutboxMessage.objects.filter(handler="mail", done_at__isnull=False).count()


def test_F55_charges_do_not_stand_behind_a_long_queue_of_mails(order, shift, bank, today):
    order(5)
    fill_the_queue(shift, today)
    shift.start_worker()
    eventually(mails_sent)
    # To the queue to which the settings route it: this test's sender knows no settings.
    shift.send(RUN, queue="charges")
    eventually(lambda: paid() == 5)
    sent_before = mails_sent()
    assert sent_before < MAILS
    assert len(bank.charged()) == 5
    eventually(lambda: mails_sent() == MAILS, seconds=600)
    sent = shift.message_ids()
    assert len([each for each in sent if "notice" not in each]) == MAILS
    assert len(sent) == len(set(sent))
    assert_books_are_right(bank, now=later(today))
    note("charges due behind a queue of mails", mails=MAILS, sent_before_the_charges=sent_before)
