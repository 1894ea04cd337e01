"""The database loses an answer, holds a row, ends a deadlock, rolls back (faults 22, 27, 28, 29)."""

from contextlib import contextmanager, suppress
from functools import partial

import psycopg
import pytest
from django.db import connection

from subscriptions.actions.cancel import cancel
from subscriptions.actions.refund import send_refund
from subscriptions.actions.run import charging_run
from subscriptions.gateway import get_gateway
from subscriptions.models import Document, Payment, Refund
from tests.faults.actors import later
from tests.faults.at_once import at_once, in_background
from tests.faults.bank import CHARGE
from tests.faults.books import assert_books_are_right, database_settings, give_back
from tests.faults.proxy import proxy_before
from tests.lock_waits import wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)

SERIES = "SELECT 1 FROM subscriptions_numberseries WHERE kind = 'invoice' FOR UPDATE"


@contextmanager
def session():
    """Somebody else's session in this test's database."""
    reach = database_settings()
    with psycopg.connect(host=reach["HOST"], user=reach["USER"], dbname=reach["NAME"]) as other:
        yield other
        other.rollback()


def test_F22_wherever_the_reply_to_a_commit_is_lost_the_charge_is_made_once(order, start, market, bank, today):
    reach = database_settings()
    by_wire = {"HOST": "127.0.0.1", "OPTIONS": {"sslmode": "disable", "gssencmode": "disable"}}
    lost = 0
    while True:
        order()
        with proxy_before(f"{reach['HOST']}/.s.PGSQL.5432") as wire:
            wire.strike("drop_reply", when=b"COMMIT", skip=lost)
            code, _ = start("run", database=reach | by_wire | {"PORT": str(wire.port)}).wait()
        assert code == 0
        charging_run(market=market, now=later(today), gateway=bank.gateway)
        if not wire.struck:
            break
        lost += 1
    # Begin and settle commit at least once each.
    assert lost >= 2
    assert len(bank.charged()) == lost + 1
    assert_books_are_right(bank, now=later(today))


def test_F27_a_number_that_somebody_holds_stops_no_other_series_and_is_waited_for_ten_seconds_at_most(
    order, market, bank, garage, today, caplog
):
    [paid] = order()
    charging_run(market=market, now=today, gateway=bank.gateway)
    order(2)
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("10s",)
        cursor.execute("SET lock_timeout = '200ms'")
    with session() as stuck:
        stuck.execute(SERIES)
        charging_run(market=market, now=today, gateway=bank.gateway)
        assert Payment.objects.filter(status="started").count() == 2
        assert "LockNotAvailable" in caplog.text
        cancel(subscription=paid, confirmed=None, now=today, by=garage.account)
        give_back(now=today)
        assert Document.objects.filter(kind="credit_note").count() == 1
    charging_run(market=market, now=later(today), gateway=bank.gateway)
    assert (len(bank.charged()), Payment.objects.filter(status="succeeded").count()) == (3, 3)
    assert_books_are_right(bank, now=later(today))
    connection.close()


def test_F28_a_deadlock_with_a_session_that_locks_the_other_way_round_costs_nothing(order, market, bank, today):
    order()
    bank.proxy.strike("hold", when=CHARGE)
    with session() as other, in_background(charging_run, market=market, now=today, gateway=get_gateway()) as run:
        assert bank.proxy.is_holding.wait(timeout=20)
        other.execute("SELECT 1 FROM subscriptions_payment FOR UPDATE")
        bank.proxy.release()
        wait_until_somebody_waits(other)
        # One of the two is the victim, by the database's choice.
        with suppress(psycopg.errors.DeadlockDetected):
            other.execute("SELECT 1 FROM subscriptions_subscription FOR UPDATE")
        other.rollback()
        run.result(timeout=30)
    charging_run(market=market, now=later(today), gateway=bank.gateway)
    assert (len(bank.charged()), Payment.objects.get().status) == (1, "succeeded")
    assert_books_are_right(bank, now=later(today))


def test_F28_renewals_and_refunds_of_one_account_at_once_end_without_a_deadlock(
    order, market, bank, garage, today, caplog
):
    paid = order(6)
    charging_run(market=market, now=today, gateway=bank.gateway)
    order(6)

    def cancel_and_give_back(subscription):
        cancel(subscription=subscription, confirmed=None, now=today, by=garage.account)
        refund = Refund.objects.get(payment__subscription=subscription)
        send_refund(refund_id=refund.pk, now=today, gateway=bank.gateway)

    at_once(
        [
            *[partial(cancel_and_give_back, subscription) for subscription in paid],
            *[partial(charging_run, market=market, now=today, gateway=bank.gateway)] * 2,
        ]
    )
    assert "deadlock" not in caplog.text
    assert (len(bank.charged()), Document.objects.count()) == (12, 18)
    assert_books_are_right(bank, now=today)


def test_F29_eight_writers_of_whom_every_fifth_fails_leave_no_gap_in_the_numbers(order, start, market, bank, today):
    order(24)
    for actor in [start("run", rolls_back=0.2) for _ in range(8)]:
        code, _ = actor.wait()
        assert code == 0
    charging_run(market=market, now=later(today), gateway=bank.gateway)
    assert (len(bank.charged()), Document.objects.count()) == (24, 24)
    assert_books_are_right(bank, now=later(today))
