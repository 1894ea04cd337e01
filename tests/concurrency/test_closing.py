"""Closing an account while a charge is in the air, while the run begins, and twice at once (A6, X7, X11, P4)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier, Event

import pytest
from django.db import connection

from accounts.actions.export import ask_for_export
from accounts.models import Closing, DataExport
from portal import outbox
from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.actions.closing import close, closing_quote
from subscriptions.actions.run import charging_run
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.models import Payment, Refund, Subscription
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
# The renewal of a month that was paid on 10 June.
DUE = make.NOW + make.days(30)


class Distant(InProcessGateway):
    """Charges, and answers only when it is told to."""

    def __init__(self, near: InProcessGateway) -> None:
        super().__init__(near.provider)
        self.has_charged, self.may_answer = Event(), Event()

    def charge(self, **order):
        outcome = super().charge(**order)
        self.has_charged.set()
        assert self.may_answer.wait(timeout=30)
        return outcome


@pytest.fixture
def monthly(market, car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, term="monthly", gateway=gateway)


def in_thread(act):
    try:
        return act()
    finally:
        connection.close()


def close_as_shown(owner, *, now=DUE):
    """As a person does who is asked again where something has changed meanwhile."""
    for _ in range(5):
        try:
            return close(account=owner, confirmed=closing_quote(owner, now=now), now=now, by=owner)
        except Refusal as refusal:
            assert refusal.code == "quote_changed"  # noqa: PT017
    raise AssertionError("it changed five times")


def test_X11_a_charge_in_the_air_holds_nobody_up_and_is_refunded_whole(owner, market, monthly, gateway):
    distant = Distant(gateway)
    with ThreadPoolExecutor(max_workers=1) as threads:
        run = threads.submit(in_thread, lambda: charging_run(market=market, now=DUE, gateway=distant))
        assert distant.has_charged.wait(timeout=30)
        close_as_shown(owner)
        distant.may_answer.set()
        run.result(timeout=60)
    monthly.refresh_from_db()
    payment = Payment.objects.get(subscription=monthly, period_index=1)
    assert (monthly.status, payment.status) == ("ended", "succeeded")
    assert Refund.objects.get(payment=payment).amount == payment.amount == Decimal("5.00")


@pytest.mark.parametrize("_again", range(4))
def test_X7_a_run_that_begins_as_the_account_closes_charges_nothing_for_a_service_that_is_gone(
    owner, market, monthly, gateway, _again
):
    barrier = Barrier(2)

    def run():
        barrier.wait(timeout=30)
        charging_run(market=market, now=DUE, gateway=gateway)

    def leave():
        barrier.wait(timeout=30)
        close_as_shown(owner)

    with ThreadPoolExecutor(max_workers=2) as threads:
        for done in [threads.submit(in_thread, act) for act in (run, leave)]:
            done.result(timeout=60)
    charging_run(market=market, now=DUE + make.days(1), gateway=gateway)
    assert not Subscription.objects.live().exists()
    assert not Payment.objects.filter(status__in=["started", "unknown"]).exists()
    trail = AuditRecord.objects.filter(account=owner, at__gte=DUE, what__in=["charged", "ended"]).order_by("pk")
    # Charged before it closed: a used month, of which nothing comes back (X3). Known after: all of it does (X11).
    refund = {("ended",): 0, ("charged", "ended"): 0, ("ended", "charged"): 1}
    assert Refund.objects.count() == refund[tuple(trail.values_list("what", flat=True))]


def test_A6_closed_twice_at_once_is_closed_once(owner, market, car, card, digital_key, gateway):
    make.subscription(car, package=digital_key, gateway=gateway)
    barrier = Barrier(3)

    def leave():
        barrier.wait(timeout=30)
        return close_as_shown(owner).pk

    with ThreadPoolExecutor(max_workers=3) as threads:
        closings = {each.result(timeout=60) for each in [threads.submit(in_thread, leave) for _ in range(3)]}
    assert (len(closings), Closing.objects.count(), Refund.objects.count()) == (1, 1, 1)


def test_A6_an_export_asked_for_many_times_at_once_is_written_once(owner):
    barrier = Barrier(4)

    def ask():
        barrier.wait(timeout=30)
        return ask_for_export(account=owner, now=make.NOW, by=owner).pk

    with outbox.asleep(), ThreadPoolExecutor(max_workers=4) as threads:
        said = Counter(each.result(timeout=60) for each in [threads.submit(in_thread, ask) for _ in range(4)])
    assert (len(said), DataExport.objects.count()) == (1, 1)
