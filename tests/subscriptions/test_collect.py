"""Charging what is due: outcomes, tries, and what is done about answers that never came (P1 to P8)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from subscriptions.actions import wallet
from subscriptions.actions.begin import begin
from subscriptions.actions.cancel import cancel
from subscriptions.actions.run import charging_run
from subscriptions.actions.settle import settle
from subscriptions.gateway.port import Charged
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.models import Document, Payment, PaymentCard, Refund, WorkItem
from tests import make

DUE_ON = date(2026, 7, 10)


@pytest.fixture
def trial(car, card, navigation, gateway):
    """Ordered on 10 June with a free month: 99.00 are due on 10 July."""
    return make.subscription(car, package=navigation, gateway=gateway)


@pytest.fixture
def run(market, gateway, clock):
    """A run at an hour of a day after the due date."""

    def charging(days: int = 0, *, hour: int = 6) -> None:
        day = DUE_ON + timedelta(days=days)
        clock.now = datetime(day.year, day.month, day.day, hour, tzinfo=market.zone)
        charging_run(market=market, now=clock.now, gateway=gateway)

    return charging


@pytest.fixture
def behaves(card, gateway):
    """How the primary card answers from now on."""
    return lambda behaviour: gateway.set_behaviour(card_ref=card.card_ref, behaviour=behaviour)


def state(subscription) -> tuple:
    subscription.refresh_from_db()
    return subscription.status, subscription.tries_used, subscription.next_try_on


def test_P1_a_trial_is_charged_on_its_day_and_not_before(trial, run, gateway):
    run(-1, hour=18)
    assert gateway.charges() == []
    run()
    assert state(trial) == ("paid", 0, date(2027, 7, 10))
    assert (trial.periods_paid, Payment.objects.get().period_to) == (1, date(2027, 7, 10))
    assert Document.objects.get().gross == gateway.charges()[0].amount == Decimal("99.00")


def test_P1_a_second_run_of_the_day_charges_nothing_more(trial, run, gateway):
    run()
    run(hour=18)
    assert len(gateway.charges()) == Document.objects.count() == 1


def test_P2_three_declines_on_three_days_end_the_subscription(trial, run, behaves):
    behaves("insufficient_funds")
    run()
    assert state(trial) == ("past_due", 1, date(2026, 7, 11))
    assert trial.is_in_service
    run(hour=18)
    run(1)
    assert state(trial) == ("past_due", 2, date(2026, 7, 12))
    run(2)
    assert state(trial) == ("ended", 3, None)
    assert (trial.end_reason, trial.ends_on) == ("payment_failed", date(2026, 7, 12))
    assert list(Payment.objects.order_by("pk").values_list("attempt", "status")) == [(n, "declined") for n in (1, 2, 3)]


def test_P3_a_success_on_a_retry_keeps_the_charge_dates(trial, run, behaves):
    behaves("insufficient_funds")
    run()
    behaves("ok")
    run(1)
    assert state(trial) == ("paid", 0, date(2027, 7, 10))
    assert Payment.objects.get(status="succeeded").attempt == 2


def test_P2_days_without_runs_are_no_tries(trial, run, behaves):
    behaves("insufficient_funds")
    run()
    run(10)
    assert state(trial) == ("past_due", 2, date(2026, 7, 21))


def test_P7_a_technical_failure_uses_up_no_try_and_is_sent_again_under_its_key(trial, run, behaves, gateway):
    behaves("provider_down")
    for day in range(5):
        run(day)
    assert state(trial) == ("trial", 0, DUE_ON)
    assert (Payment.objects.get().status, Payment.objects.get().attempt) == ("failed", 1)
    behaves("ok")
    run(5)
    assert [charge.key for charge in gateway.charges()] == [Payment.objects.get(status="succeeded").key]


@pytest.mark.parametrize("behaviour", ["timeout_charged", "timeout_not_charged"])
def test_P4_an_unknown_outcome_is_asked_under_the_same_key(trial, run, behaves, gateway, behaviour):
    behaves(behaviour)
    run()
    assert (Payment.objects.get().status, trial.payments.get().is_open) == ("unknown", True)
    run(hour=18)
    assert [charge.key for charge in gateway.charges()] == [Payment.objects.get().key]
    assert state(trial) == ("paid", 0, date(2027, 7, 10))


def test_P4_what_somebody_has_begun_is_left_to_them_for_a_quarter_of_an_hour(trial, market, gateway):
    begun_at = datetime(2026, 7, 10, 6, tzinfo=market.zone)
    [payment] = begin([trial.pk], now=begun_at).payments
    charging_run(market=market, now=begun_at + timedelta(minutes=14), gateway=gateway)
    assert gateway.charges() == []
    charging_run(market=market, now=begun_at + timedelta(minutes=15), gateway=gateway)
    assert [charge.key for charge in gateway.charges()] == [payment.key]


def test_P6_a_card_refused_for_good_is_never_sent_again_by_any_subscription(trial, market, car, run, behaves, gateway):
    music = make.subscription(car, package=make.package("music", market=market, gives_trial=True), gateway=gateway)
    behaves("stolen")
    run()
    assert PaymentCard.objects.get().is_refused
    behaves("ok")
    run(1)
    run(2)
    assert (state(trial)[0], state(music)[0]) == ("ended", "ended")
    assert (Payment.objects.count(), gateway.charges()) == (1, [])


def test_P6_another_primary_card_pays_on_the_remaining_days(trial, run, behaves, owner, gateway, now):
    behaves("stolen")
    run()
    wallet.make_primary(card=make.card(owner, gateway=gateway, nth=1), now=now, by=owner)
    run(1)
    assert state(trial) == ("paid", 0, date(2027, 7, 10))


def test_P8_a_card_that_waits_for_its_owner_is_not_charged_without_them(trial, run, behaves, gateway):
    behaves("needs_authentication")
    run()
    behaves("ok")
    run(1)
    run(2)
    assert (state(trial)[0], trial.end_reason, gateway.charges()) == ("ended", "payment_failed", [])


def test_P5_missed_periods_are_charged_one_after_the_other(car, card, digital_key, run, gateway, market):
    monthly = make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    run(65)
    assert list(monthly.payments.order_by("period_index").values_list("period_from", flat=True)) == [
        date(2026, month, 10) for month in (6, 7, 8, 9)
    ]


def test_P5_the_next_period_waits_until_the_one_before_is_paid(car, card, digital_key, run, behaves, gateway):
    monthly = make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    behaves("insufficient_funds")
    run(65)
    assert list(monthly.payments.values_list("period_index", "status")) == [(0, "succeeded"), (1, "declined")]


def test_one_bad_row_does_not_stop_the_night(trial, market, car, run, gateway, card, stranger, caplog):
    theirs = make.active_car(stranger, 2)
    make.card(stranger, gateway=gateway)
    other = make.subscription(theirs, package=make.package("music", market=market, gives_trial=True), gateway=gateway)
    PaymentCard.objects.filter(pk=card.pk).update(is_primary=False)
    run()
    assert (state(trial)[0], state(other)[0]) == ("trial", "paid")
    assert "could not be begun" in caplog.text


# What settles a payment


class OtherAmount(InProcessGateway):
    """A provider that takes more than it was told to."""

    def charge(self, **order):
        return replace(super().charge(**order), amount=order["amount"] + 1)

    def find_charge(self, *, key):
        found = super().find_charge(key=key)
        return found and replace(found, amount=found.amount + 1)


def test_an_amount_that_differs_is_not_booked_and_becomes_work(trial, market, gateway):
    greedy = OtherAmount(gateway.provider)
    now = datetime(2026, 7, 10, 6, tzinfo=market.zone)
    for later in (0, 12, 24):
        charging_run(market=market, now=now + timedelta(hours=later), gateway=greedy)
    payment = Payment.objects.get()
    assert (payment.status, Document.objects.count(), len(gateway.charges())) == ("unknown", 0, 1)
    item = WorkItem.objects.get()
    assert (item.kind, item.subject) == ("charge_amount_differs", str(payment.public_id))
    assert "99.00 EUR; the provider took 100.00 EUR" in item.text


def test_a_payment_is_settled_once(trial, run, gateway, now):
    run()
    payment = Payment.objects.get()
    again = Charged(charge_ref="another", amount=payment.amount, currency=payment.currency)
    settle([(payment.pk, again)], now=now)
    assert Payment.objects.get().charge_ref == gateway.charges()[0].charge_ref
    assert Document.objects.count() == 1


def test_the_database_refuses_a_second_payment_of_a_period(trial, run):
    run()
    payment = Payment.objects.get()
    payment.pk, payment.key, payment.public_id = None, "other", "0" * 32
    with pytest.raises(IntegrityError, match="payment_period_paid_once"), transaction.atomic():
        payment.save(force_insert=True)


def test_X11_what_was_charged_after_the_end_is_given_back_whole(trial, run, behaves, owner, clock):
    behaves("timeout_charged")
    run()
    cancel(subscription=trial, confirmed=None, now=clock.now + timedelta(hours=3), by=owner)
    assert state(trial)[0] == "ended"
    run(hour=18)
    refund = Refund.objects.get()
    assert (refund.amount, refund.basis, refund.payment.status) == (Decimal("99.00"), "unpaid", "succeeded")
    assert (state(trial)[0], trial.periods_paid) == ("ended", 0)


def test_X11_what_was_not_charged_is_not_charged_after_the_end(trial, run, behaves, owner, clock, gateway):
    behaves("timeout_not_charged")
    run()
    cancel(subscription=trial, confirmed=None, now=clock.now + timedelta(hours=3), by=owner)
    run(hour=18)
    assert (gateway.charges(), Refund.objects.count(), Payment.objects.get().status) == ([], 0, "failed")
