"""Goodwill: an end that is set moves later without a charge (K3)."""

from datetime import timedelta
from functools import partial

import pytest

from accounts.models import Notice
from subscriptions.actions.cancel import cancel, may_undo, undo_cancellation
from subscriptions.actions.end import end_if_reached
from subscriptions.actions.extend import extend_period
from subscriptions.actions.run import charging_run
from subscriptions.models import Payment
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401  (after each test here)
from tests.refusing import refusal_code


@pytest.fixture
def first(market):
    return make.account("first@staff.example.com", market=market, is_staff=True)


@pytest.fixture
def monthly(car, card, digital_key, gateway, owner, now):
    """Paid today and cancelled: it ends in a month."""
    made = make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    cancel(subscription=made, confirmed=None, now=now, by=owner)
    made.refresh_from_db()
    return made


def extended(subscription, days, *, by, now, from_on=None):
    words = {"told": "The service was down.", "reason": "case 7"}
    return extend_period(
        subscription=subscription, from_on=from_on or subscription.ends_on, days=days, now=now, by=by, **words
    )


def test_K3_it_ends_later_without_a_charge_and_is_told(monthly, first, market, gateway, clock, now):
    before = monthly.ends_on
    extension = extended(monthly, 14, by=first, now=now)
    assert extension.to_on == before + timedelta(days=14)
    clock.now = now + make.days(35)
    charging_run(market=market, now=clock.now, gateway=gateway)
    monthly.refresh_from_db()
    assert (monthly.status, Payment.objects.count()) == ("paid", 1)
    assert Notice.objects.get(kind="period_extended").facts["ends_on"] == str(extension.to_on)
    clock.now = now + make.days(45)
    assert end_if_reached(subscription_id=monthly.pk, now=clock.now)


def test_X8_it_can_be_taken_back_until_the_charge_date_and_not_in_the_days_given(monthly, first, owner, now):
    extended(monthly, 14, by=first, now=now)
    monthly.refresh_from_db()
    assert may_undo(monthly, now=now + make.days(20))
    late = now + make.days(35)
    assert not may_undo(monthly, now=late)
    assert refusal_code(undo_cancellation, subscription=monthly, now=late, by=owner) == "nothing_to_undo"


def test_X10_a_form_sent_twice_extends_once(monthly, first, now):
    before = monthly.ends_on
    extended(monthly, 7, by=first, now=now)
    assert refusal_code(partial(extended, monthly, 7), by=first, now=now, from_on=before) == "quote_changed"


def test_K3_not_beyond_the_cap_nor_what_renews_nor_ones_own(monthly, first, owner, car, navigation, gateway, now):
    assert refusal_code(partial(extended, monthly, 91), by=first, now=now) == "too_long"
    assert refusal_code(partial(extended, monthly, 7), by=owner, now=now) == "own_account"
    trial = make.subscription(car, package=navigation, gateway=gateway)
    assert refusal_code(partial(extended, trial, 7), by=first, now=now) == "renews"
