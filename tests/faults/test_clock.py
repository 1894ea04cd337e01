"""A worker whose clock is wrong (fault 33): what is due, and what is written, goes by the database's clock."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from portal.models import AuditRecord
from subscriptions.models import Document, Payment
from tests.faults.books import assert_books_are_right

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("wrong_by", [timedelta(hours=-2), timedelta(minutes=10), timedelta(days=40)])
def test_F33_a_worker_with_a_wrong_clock_charges_what_is_due_and_nothing_early(order, start, bank, today, wrong_by):
    [subscription] = order(term="monthly", price="9.90")
    for clock in (today + wrong_by, today, today + wrong_by):
        code, _ = start("scheduled run", now=clock).wait()
        assert code == 0
    subscription.refresh_from_db()
    assert (bank.charged(), subscription.periods_paid) == ([f"{subscription.public_id}:0:1"], 1)
    written = Payment.objects.get()
    assert today <= written.started_at <= written.settled_at <= timezone.now()
    assert today <= Document.objects.get().issued_at <= timezone.now()
    assert not AuditRecord.objects.filter(Q(at__gt=timezone.now()) | Q(what="charged", at__lt=today)).exists()
    assert_books_are_right(bank, now=timezone.now())


def test_F33_a_worker_whose_clock_is_ahead_delivers_nothing_that_another_has_in_hand(order, start, bank, today):
    """The lease of a message is five minutes, and this clock is ten minutes ahead."""
    from portal import outbox
    from portal.models import OutboxMessage

    order()
    in_hand = outbox.waiting(now=timezone.now())
    OutboxMessage.objects.filter(pk__in=in_hand).update(due_at=timezone.now() + outbox.LEASE)
    code, _ = start("sweep", now=today + timedelta(minutes=10)).wait()
    assert (code, OutboxMessage.objects.filter(done_at__isnull=False).count()) == (0, 0)
