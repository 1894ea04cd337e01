"""Which notices go out, when, and only once (S9, C5, P2, X1, X6, N2)."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Notice
from portal.models import OutboxMessage
from subscriptions.actions.cancel import cancel
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.refund import send_refund
from subscriptions.actions.run import charging_run, tell_what_is_coming
from subscriptions.actions.withdraw import withdraw
from subscriptions.models import Refund
from subscriptions.words.timeline import timeline_of
from tests import make


@pytest.fixture
def run(market, gateway):
    def at(day: date) -> None:
        charging_run(market=market, now=datetime(day.year, day.month, day.day, 3, tzinfo=UTC), gateway=gateway)

    return at


def told(kind: str = "") -> Counter:
    notices = Notice.objects.filter(kind=kind) if kind else Notice.objects.all()
    return Counter(notices.values_list("kind", flat=True))


@pytest.fixture
def trial(car, card, navigation, gateway):
    """Ordered on 10 June; charged on 10 July."""
    return make.subscription(car, package=navigation, gateway=gateway)


def test_an_order_is_confirmed_and_the_first_invoice_sent(car, card, digital_key, gateway):
    make.subscription(car, package=digital_key, gateway=gateway)
    assert told() == {"order_confirmed": 1, "invoice_issued": 1}
    assert OutboxMessage.objects.filter(handler="notice_mail").count() == 2


def test_S9_seven_days_before_a_trial_becomes_a_charge_once(trial, run):
    run(date(2026, 7, 2))
    assert told("trial_ending") == {}
    for day in (3, 4, 10, 11):
        run(date(2026, 7, day))
    assert told("trial_ending") == {"trial_ending": 1}
    facts = Notice.objects.get(kind="trial_ending").facts
    assert (facts["amount"], facts["charge_on"]) == ("99.00", "2026-07-10")


def test_S9_the_subscriptions_own_page_says_that_it_was_told(trial, run):
    run(date(2026, 7, 3))
    events = [(event["title"], event.get("text")) for event in timeline_of(trial)]
    assert events[:2] == [("Charge of €99.00", None), ("Trial ending", "We told you, for 10 July 2026.")]
    assert events[2][0] == "Ordered for €99.00"


def test_S9_late_rather_than_never_but_not_after_the_charge(trial, run):
    run(date(2026, 7, 9))
    assert told("trial_ending") == {"trial_ending": 1}


def test_S9_not_on_the_day_itself_and_the_charge_does_not_wait(trial, run):
    run(date(2026, 7, 10))
    assert told("trial_ending") == {}
    assert told("invoice_issued") == {"invoice_issued": 1}


@pytest.mark.parametrize(("term", "warned"), [("monthly", 0), ("yearly", 1), ("four-yearly", 1)])
def test_S9_long_terms_are_warned_of_before_each_charge(car, card, market, gateway, run, term, warned):
    music = make.package("music", market=market)
    subscription = make.subscription(car, package=music, term=term, gateway=gateway)
    run(subscription.next_charge_on - timedelta(days=7))
    assert told("charge_upcoming")["charge_upcoming"] == warned


def test_S9_nobody_is_warned_of_a_charge_that_will_not_come(trial, run, owner, now):
    cancel(subscription=trial, confirmed=None, now=now, by=owner)
    run(date(2026, 7, 5))
    assert told("trial_ending") == {}


def test_C5_thirty_days_before_the_free_years_end_and_on_their_end(market, owner, run, now):
    remote = make.package("remote", market=market, complimentary_months={"default": 48})
    car = make.active_car(owner, warranty_start=date(2022, 8, 1))
    activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner)
    run(date(2026, 7, 1))
    assert told() == {}
    for day in (date(2026, 7, 2), date(2026, 7, 20), date(2026, 8, 1), date(2026, 8, 2)):
        run(day)
    assert told() == {"complimentary_ending": 1, "complimentary_ended": 1}
    plans = Notice.objects.get(kind="complimentary_ending").facts["plans"]
    assert [plan["price"] for plan in plans] == ["9.90", "99.00", "299.00"]


def test_C5_at_once_if_taken_up_inside_the_last_thirty_days(market, owner, now):
    remote = make.package("remote", market=market, complimentary_months={"default": 48})
    car = make.active_car(owner, warranty_start=date(2022, 7, 10))
    activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner)
    tell_what_is_coming(market=market, now=now + make.days(1))
    assert told() == {"complimentary_ending": 1}


@pytest.mark.parametrize(
    ("behaves", "kind"), [("insufficient_funds", "payment_failed"), ("needs_authentication", "authentication_needed")]
)
def test_P2_each_failure_is_told_at_once_and_the_last_with_the_end(trial, card, gateway, run, behaves, kind):
    gateway.set_behaviour(card_ref=card.card_ref, behaviour=behaves)
    for day in (10, 11):
        run(date(2026, 7, day))
    assert (told(kind)[kind], told("subscription_ended")) == (2, {})
    run(date(2026, 7, 12))
    assert (told(kind)[kind], told("subscription_ended")["subscription_ended"]) == (3, 1)
    dates = [notice.facts["next_try_on"] for notice in Notice.objects.filter(kind=kind).order_by("pk")]
    assert dates == ["2026-07-11", "2026-07-12", ""]


@pytest.mark.parametrize("behaves", ["provider_down", "timeout_charged"])
def test_P7_what_is_not_the_customers_fault_is_not_told(trial, card, gateway, run, behaves):
    gateway.set_behaviour(card_ref=card.card_ref, behaviour=behaves)
    run(date(2026, 7, 10))
    assert told() == {"order_confirmed": 1}


def test_X6_cancelling_is_confirmed_and_the_credit_note_follows_the_refund(car, card, digital_key, gateway, owner, now):
    yearly = make.subscription(car, package=digital_key, gateway=gateway)
    cancel(subscription=yearly, confirmed=None, now=now + make.days(40), by=owner)
    assert told("credit_note_issued") == {}
    assert Notice.objects.get(kind="cancellation_confirmed").facts["refund"] == "50.00"
    send_refund(refund_id=Refund.objects.get().pk, now=now + make.days(40), gateway=gateway)
    facts = Notice.objects.get(kind="credit_note_issued").facts
    assert (facts["card_last4"], facts["expected_on"], facts["invoice_number"]) == (
        card.last4,
        "2026-07-27",
        "CY-2026-000001",
    )


def test_X9_a_withdrawal_gets_a_receipt_with_date_and_time(trial, owner, now):
    withdraw(subscription=trial, confirmed=None, now=now + make.days(1), by=owner)
    facts = Notice.objects.get(kind="withdrawal_receipt").facts
    assert (facts["received_at"], facts["contract_number"]) == ("2026-06-11T12:00:00+03:00", trial.contract.number)
