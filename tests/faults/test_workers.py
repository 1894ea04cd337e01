"""Tasks delivered twice, workers and brokers that die (faults 1 to 7), with real Celery processes."""

import os
import time

import pytest
from django.db.models import Count

from accounts.models import Notice
from portal.models import OutboxMessage
from subscriptions.actions.run import charging_run
from subscriptions.models import Payment, Subscription
from tests import make
from tests.faults.actors import later
from tests.faults.bank import CHARGE
from tests.faults.books import assert_books_are_right
from tests.faults.celery_processes import at_work, comes_to_rest, eventually, kill_with_children
from tests.proof.results import note

pytestmark = pytest.mark.django_db(transaction=True)

RUN = "subscriptions.tasks.charging_run"
# A hundred of them in `make proof`.
BATCH = int(os.environ.get("PROOF_BATCH", "24"))


@pytest.fixture
def shift(bank, tmp_path):
    with at_work(bank, tmp_path) as shift:
        yield shift


def paid() -> int:
    return Payment.objects.filter(status="succeeded").count()


def assert_told_once(shift) -> None:
    """Each notice is a row once, and each mail left once."""
    doubled = Notice.objects.values("kind", "subject_key").annotate(times=Count("pk")).filter(times__gt=1)
    assert not doubled.exists()
    sent = shift.message_ids()
    assert len(sent) == len(set(sent))


def test_F1_F2_tasks_that_are_delivered_again_and_again_charge_once(order, shift, bank, today):
    """One works for longer than the broker waits, the other waits for longer than that itself."""
    [subscription] = order()
    bank.proxy.strike("delay", when=CHARGE, seconds=5)
    shift.start_worker()
    shift.send(RUN, countdown=6)
    shift.send(RUN)
    eventually(lambda: sum(times > 1 for times in shift.received().values()) >= 2)
    eventually(paid)
    comes_to_rest(lambda: (shift.log("worker"), shift.message_ids()))
    assert bank.charged() == [f"{subscription.public_id}:0:1"]
    assert Payment.objects.count() == 1
    assert_told_once(shift)
    assert_books_are_right(bank, now=later(today))


def test_F3_a_child_killed_between_done_and_acknowledged_does_nothing_twice(order, shift, bank, today):
    order(3)
    (shift.mails / f"DIE_AFTER.{RUN}").touch()
    shift.start_worker()
    shift.send(RUN)
    eventually(lambda: "signal 9" in shift.log("worker"))
    eventually(lambda: paid() == 3)
    comes_to_rest(lambda: shift.log("worker"))
    assert max(shift.received().values()) > 1
    assert (len(bank.charged()), Payment.objects.count()) == (3, 3)
    assert_told_once(shift)
    assert_books_are_right(bank, now=later(today))


def test_F4_a_whole_worker_killed_in_the_middle_of_a_batch_loses_none_and_charges_none_twice(
    order, shift, market, bank, today
):
    order(BATCH)
    bank.proxy.strike("delay", when=CHARGE, times=BATCH, seconds=0.05)
    worker = shift.start_worker()
    shift.send(RUN)
    eventually(lambda: len(bank.charged()) >= BATCH // 5)
    kill_with_children(worker)
    assert paid() < BATCH
    shift.start_worker()
    comes_to_rest(paid, seconds=5.0)
    charging_run(market=market, now=later(today, 60), gateway=bank.gateway)
    assert (len(bank.charged()), paid(), Payment.objects.count()) == (BATCH, BATCH, BATCH)
    assert_books_are_right(bank, now=later(today, 60))
    note("a worker and its children killed in the middle of a batch", due=BATCH, charged=len(bank.charged()))


def test_F5_F6_a_broker_that_lost_twenty_jobs_and_two_beats_at_once_charge_once(order, shift, bank, today):
    order(5)
    shift.send(RUN, times=20)
    shift.lose_the_broker()
    shift.start_worker()
    assert not shift.received()
    shift.start_beat()
    shift.start_beat()
    eventually(lambda: paid() == 5 and not OutboxMessage.objects.filter(done_at__isnull=True).exists())
    began = time.monotonic()
    eventually(lambda: time.monotonic() - began > 3)
    assert shift.log("beat").count("beat: Starting") == 2
    assert (len(bank.charged()), Payment.objects.count()) == (5, 5)
    assert_told_once(shift)
    assert_books_are_right(bank, now=later(today))


def test_F7_a_page_does_not_wait_for_a_broker_that_is_down_and_what_it_asked_for_is_done_once_later(
    market, bank, garage, start, today
):
    package = make.package("no-trial", market=market, prices={"yearly": "60.00"})
    subscription = make.subscription(garage, package=package, gateway=bank.gateway, now=today)
    OutboxMessage.objects.all().delete()
    number = subscription.contract.number
    nobody_there = {"CELERY_TASK_ALWAYS_EAGER": False, "CELERY_BROKER_URL": "redis://127.0.0.1:9/0"}
    actor = start("state a withdrawal", settings=nobody_there | {"STATED": (number, garage.account.email, 1.0)})
    assert actor.wait()[0] == 0
    waiting = OutboxMessage.objects.get(handler="withdrawal_statement")
    assert waiting.done_at is None
    for _ in range(2):
        assert start("sweep", now=later(today, 1)).wait()[0] == 0
    waiting.refresh_from_db()
    assert (waiting.done_at is not None, waiting.attempts) == (True, 1)
    assert Subscription.objects.get().status == "ended"
    assert_books_are_right(bank, now=later(today))
