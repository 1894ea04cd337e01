"""Collecting many at once: claimed together, many calls in the air, booked together, and none stops the others."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, Lock

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from subscriptions.actions.begin import begin
from subscriptions.actions.collect import collect, due_in_batches
from subscriptions.actions.locking import claim_all, lock_all
from subscriptions.actions.settle import settle
from subscriptions.gateway.port import Charged, Declined
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.models import Document, Payment, PaymentCard, Subscription
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401

AT_ONCE = 4


@pytest.fixture
def due_at(now):
    return now + make.days(30)


@pytest.fixture
def many(market, navigation, gateway):
    """A function that makes so many owners, each with a free month that ends on the same day."""

    def owners(count: int) -> list[Subscription]:
        made = []
        for number in range(1, count + 1):
            account = make.account(f"owner-{number}@example.com", market=market)
            made.append(_ordered(account, number))
        return made

    def _ordered(account, number):
        car = make.active_car(account, number)
        make.card(account, gateway=gateway)
        return make.subscription(car, package=navigation, term="monthly", gateway=gateway)

    return owners


@pytest.fixture
def collect_all(market, due_at, gateway):
    def run(*, by: InProcessGateway = gateway, at=due_at) -> None:
        for batch in due_in_batches(market=market, now=at):
            collect(market=market, subscription_ids=batch, now=at, gateway=by, calls_at_once=AT_ONCE)

    return run


class Together(InProcessGateway):
    """Answers only once as many calls are there as may be in the air; and notes whose."""

    def __init__(self, provider, *, parties: int) -> None:
        super().__init__(provider)
        self._barrier, self._lock = Barrier(parties), Lock()
        self.in_the_air: Counter = Counter()
        self.most_of_one_card = 0

    def charge(self, **order):
        with self._lock:
            self.in_the_air[order["card_ref"]] += 1
            self.most_of_one_card = max(self.most_of_one_card, *self.in_the_air.values())
        self._barrier.wait(timeout=20)
        outcome = super().charge(**order)
        with self._lock:
            self.in_the_air[order["card_ref"]] -= 1
        return outcome


def statuses() -> Counter:
    return Counter(Payment.objects.values_list("status", flat=True))


def test_many_calls_are_in_the_air_at_once_and_each_is_booked_once(many, collect_all, gateway):
    many(2 * AT_ONCE)
    collect_all(by=Together(gateway.provider, parties=AT_ONCE))
    assert statuses() == {"succeeded": 2 * AT_ONCE}
    assert sorted(Document.objects.values_list("sequence", flat=True)) == list(range(1, 2 * AT_ONCE + 1))
    assert len(gateway.charges()) == 2 * AT_ONCE


def test_P6_never_two_charges_of_one_account_are_in_the_air(many, market, collect_all, gateway, due_at):
    [first, *_] = many(2)
    car = first.account.memberships.get()
    for number in range(3):
        package = make.package(f"music-{number}", market=market, gives_trial=True)
        make.subscription(car, package=package, gateway=gateway)
    together = Together(gateway.provider, parties=1)
    collect_all(by=together)
    assert (statuses(), together.most_of_one_card) == ({"succeeded": 5}, 1)


def test_P6_a_card_refused_for_good_is_not_sent_again_in_the_same_run(many, market, collect_all, gateway):
    [subscription] = many(1)
    package = make.package("music", market=market, gives_trial=True)
    other = make.subscription(subscription.account.memberships.get(), package=package, gateway=gateway)
    gateway.set_behaviour(card_ref=PaymentCard.objects.get().card_ref, behaviour="stolen")
    collect_all()
    assert (subscription.payments.count(), other.payments.count()) == (1, 0)
    other.refresh_from_db()
    assert (other.status, other.tries_used) == ("past_due", 1)


def test_P5_missed_periods_follow_each_other_and_not_at_once(many, collect_all, due_at):
    [first, second] = many(2)
    collect_all(at=due_at + timedelta(days=62))
    for subscription in (first, second):
        assert list(subscription.payments.order_by("pk").values_list("period_index", "status")) == [
            (0, "succeeded"),
            (1, "succeeded"),
            (2, "succeeded"),
        ]


def test_one_without_a_primary_card_stops_none_of_the_others(many, collect_all, caplog):
    [broken, *_others] = many(3)
    PaymentCard.objects.filter(account=broken.account).update(is_primary=False)
    collect_all()
    assert statuses() == {"succeeded": 2}
    assert "it fails for" in caplog.text
    PaymentCard.objects.filter(account=broken.account).update(is_primary=True)


def test_an_answer_that_cannot_be_booked_stops_none_of_the_others(many, collect_all, caplog, monkeypatch, due_at):
    [broken, *others] = many(3)
    # By a fault of ours its period counts as paid already: the database refuses to book a second payment of it.
    Payment.objects.create(
        account=broken.account,
        subscription=broken,
        card=PaymentCard.objects.get(account=broken.account),
        period_index=0,
        period_from=due_at.date(),
        period_to=due_at.date() + make.days(30),
        attempt=1,
        key="planted",
        amount=broken.price,
        currency="EUR",
        status="succeeded",
        started_at=due_at,
        settled_at=due_at,
    )
    collect_all()
    assert [each.payments.get().status for each in others] == ["succeeded", "succeeded"]
    assert broken.payments.exclude(key="planted").get().status == "started"
    assert sorted(Document.objects.values_list("sequence", flat=True)) == [1, 2]
    Payment.objects.filter(subscription=broken).delete()


def test_a_gateway_that_breaks_leaves_an_unknown_outcome_and_the_others_alone(many, collect_all, gateway, caplog):
    [broken, *_others] = many(3)
    card_ref = PaymentCard.objects.get(account=broken.account).card_ref

    class Breaks(InProcessGateway):
        def charge(self, **order):
            if order["card_ref"] == card_ref:
                raise KeyError("an answer in another shape")
            return super().charge(**order)

    collect_all(by=Breaks(gateway.provider))
    assert statuses() == {"succeeded": 2, "unknown": 1}
    assert "could not be read" in caplog.text


def test_outcomes_of_every_kind_are_booked_in_their_order(many, due_at):
    subscriptions = many(4)
    payments = begin([each.pk for each in subscriptions], now=due_at).payments
    said = [_charged(payments[0]), Declined(reason="insufficient_funds"), _charged(payments[2]), _charged(payments[3])]
    settle([(payment.pk, outcome) for payment, outcome in zip(payments, said, strict=True)], now=due_at)
    assert list(Payment.objects.order_by("pk").values_list("status", flat=True)) == [
        "succeeded",
        "declined",
        "succeeded",
        "succeeded",
    ]
    assert [Document.objects.get(payment=payments[place]).sequence for place in (0, 2, 3)] == [1, 2, 3]


def test_many_are_begun_and_booked_with_as_many_queries_as_few(many, due_at):
    subscriptions = many(9)
    assert _queries(subscriptions[:2], now=due_at) == _queries(subscriptions[2:], now=due_at)


def test_a_charge_takes_eleven_statements(many, due_at):
    begun, settled = _queries(many(1), now=due_at)
    # Two savepoints stand in for its transactions here, with a statement at each end.
    assert (begun - 2, settled - 2) == (3, 8)


def test_what_locks_a_charge_is_planned_once(many, due_at):
    """Planning the join takes ten times as long as it does, and PostgreSQL would do it anew for each charge."""
    [subscription] = many(1)
    [payment] = begin([subscription.pk], now=due_at).payments
    with transaction.atomic(), connection.cursor() as cursor:
        for _ in range(12):
            claim_all([subscription.pk], waits=False)
            lock_all([payment.pk])
        cursor.execute(
            "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%FOR NO KEY UPDATE OF s%'"
        )
        kept = cursor.fetchall()
    assert len(kept) >= 2
    assert all(generic > 0 for (generic,) in kept)


def _queries(subscriptions, *, now) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as begun:
        payments = begin([each.pk for each in subscriptions], now=now).payments
    with CaptureQueriesContext(connection) as settled:
        settle([(payment.pk, _charged(payment)) for payment in payments], now=now)
    return len(begun), len(settled)


def _charged(payment) -> Charged:
    return Charged(charge_ref=f"ch_{payment.key}", amount=payment.amount, currency=payment.currency)
