"""Cancelling, taking it back, withdrawing: what is quoted is what is done (X1 to X5, X8, X10)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from subscriptions.actions import wallet
from subscriptions.actions.cancel import cancel, cancellation_quote, may_undo, undo_cancellation
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.run import charging_run
from subscriptions.actions.withdraw import withdraw, withdrawal_quote
from subscriptions.models import Refund, Subscription, WithdrawalUse
from tests import make
from tests.refusing import refusal_code


@pytest.fixture
def trial(car, card, navigation, gateway):
    return make.subscription(car, package=navigation, gateway=gateway)


@pytest.fixture
def yearly(car, card, digital_key, gateway):
    """60.00 paid on 10 June 2026 for a year."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def monthly(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, term="monthly", gateway=gateway)


def cancelled(subscription: Subscription, *, after: int, confirmed=None) -> Subscription:
    now = make.NOW + make.days(after)
    return cancel(subscription=subscription, confirmed=confirmed, now=now, by=subscription.account)


def withdrawn(subscription: Subscription, *, after: int, confirmed=None) -> Subscription:
    now = make.NOW + make.days(after)
    return withdraw(subscription=subscription, confirmed=confirmed, now=now, by=subscription.account)


# X1 to X4


def test_X2_cancelling_in_the_trial_ends_with_the_trial(trial, market, gateway, now):
    ended = cancelled(trial, after=3)
    assert (ended.ends_on, ended.is_in_service) == (date(2026, 7, 10), True)
    charging_run(market=market, now=now + make.days(40), gateway=gateway)
    ended.refresh_from_db()
    assert (ended.status, ended.payments.count()) == ("ended", 0)


def test_X3_a_monthly_plan_runs_to_the_end_of_its_month_without_refund(monthly, market, gateway, now):
    ended = cancelled(monthly, after=3)
    assert (ended.ends_on, ended.status) == (date(2026, 7, 10), "paid")
    charging_run(market=market, now=now + make.days(30), gateway=gateway)
    ended.refresh_from_db()
    assert (ended.status, ended.payments.count(), Refund.objects.count()) == ("ended", 1, 0)


def test_X4_a_yearly_plan_is_refunded_by_whole_months_left(yearly, now):
    quote = cancellation_quote(yearly, now=now + make.days(100))
    assert (quote.months_used, quote.months_left, quote.refund) == (4, 8, Decimal("40.00"))
    ended = cancelled(yearly, after=100, confirmed=quote)
    refund = Refund.objects.get()
    assert (ended.ends_on, refund.amount) == (quote.ends_on, quote.refund)
    assert (refund.months_used, refund.months_left, refund.expected_on) == (4, 8, date(2026, 9, 25))


def test_X4_on_the_charge_date_nothing_is_used_and_all_is_refunded(yearly):
    ended = cancelled(yearly, after=0)
    assert (ended.status, ended.ends_on, Refund.objects.get().amount) == ("ended", date(2026, 6, 10), Decimal("60.00"))


def test_what_is_cancelled_cannot_be_cancelled_again(yearly, trial):
    for subscription in (cancelled(yearly, after=1), cancelled(trial, after=1)):
        arguments = {"subscription": subscription, "confirmed": None, "now": make.NOW, "by": subscription.account}
        assert refusal_code(cancel, **arguments) == "nothing_to_cancel"
    assert Refund.objects.count() == 1


def test_C4_free_years_that_are_cancelled_end_today_and_can_be_taken_up_again(market, owner, now):
    remote = make.package("remote", market=market, complimentary_months={"MM21": 48})
    car = make.active_car(owner, warranty_start=date(2024, 1, 1))
    arguments = {"account": owner, "vehicle": car.vehicle, "package": remote, "now": now, "by": owner}
    first = cancelled(activate_complimentary(**arguments), after=0)
    again = activate_complimentary(**arguments)
    assert (first.status, again.status, again.ends_on) == ("ended", "complimentary", date(2028, 1, 1))


# X10


def test_X10_a_quote_that_no_longer_holds_is_not_executed(yearly, now):
    shown = cancellation_quote(yearly, now=now + make.days(20))
    a_month_later = now + make.days(31)
    arguments = {"subscription": yearly, "confirmed": shown, "now": a_month_later, "by": yearly.account}
    assert refusal_code(cancel, **arguments) == "quote_changed"
    yearly.refresh_from_db()
    assert (yearly.ends_on, Refund.objects.count()) == (None, 0)


def test_X10_a_withdrawal_is_executed_as_shown_or_asked_again(yearly, now):
    shown = withdrawal_quote(yearly, now=now + make.days(3))
    arguments = {"subscription": yearly, "confirmed": shown, "by": yearly.account}
    assert refusal_code(withdraw, now=now + make.days(4), **arguments) == "quote_changed"
    assert withdraw(now=now + make.days(3), **arguments).ends_on == shown.ends_on


# X8


@pytest.mark.parametrize("plan", ["trial", "monthly"])
def test_X8_an_end_without_refund_can_be_taken_back_until_it_comes(plan, request, now):
    ended = cancelled(request.getfixturevalue(plan), after=3)
    renewed = undo_cancellation(subscription=ended, now=now + make.days(29), by=ended.account)
    assert (renewed.ends_on, renewed.next_charge_on, renewed.next_try_on) == (None, *[date(2026, 7, 10)] * 2)


def test_X8_on_the_end_date_it_is_too_late(monthly, now):
    ended = cancelled(monthly, after=3)
    arguments = {"subscription": ended, "now": now + make.days(30), "by": ended.account}
    assert refusal_code(undo_cancellation, **arguments) == "nothing_to_undo"


def test_X8_an_end_with_a_refund_cannot_be_taken_back(yearly, now):
    ended = cancelled(yearly, after=3)
    assert not may_undo(ended, now=make.NOW)
    arguments = {"subscription": ended, "now": now + make.days(4), "by": ended.account}
    assert refusal_code(undo_cancellation, **arguments) == "nothing_to_undo"


def test_X8_taking_back_needs_a_card_to_charge(monthly, card, now, owner):
    ended = cancelled(monthly, after=3)
    wallet.remove_card(card=card, now=now + make.days(4), by=owner)
    arguments = {"subscription": ended, "now": now + make.days(5), "by": owner}
    assert refusal_code(undo_cancellation, **arguments) == "no_card"


# X5


def test_X5_within_fourteen_days_everything_is_paid_back_at_once(yearly):
    over = withdrawn(yearly, after=14)
    assert (over.status, over.end_reason, over.ends_on) == ("ended", "withdrawn", date(2026, 6, 24))
    assert Refund.objects.get().amount == Decimal("60.00")


def test_X5_the_fifteenth_day_is_too_late(yearly, now):
    assert refusal_code(withdrawal_quote, subscription=yearly, now=now + make.days(15)) == "withdrawal_over"


def test_X5_the_fourteenth_day_ends_at_midnight_in_the_market(yearly, market, now):
    midnight = make.NOW.replace(day=25, hour=0, tzinfo=market.zone)
    assert withdrawal_quote(yearly, now=midnight - timedelta(seconds=1)).refund == Decimal("60.00")
    assert refusal_code(withdrawal_quote, subscription=yearly, now=midnight) == "withdrawal_over"


def test_X5_cancelling_first_does_not_lose_the_right(yearly):
    over = withdrawn(cancelled(yearly, after=2), after=3)
    assert over.status == "ended"
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [Decimal("5.00"), Decimal("55.00")]


def test_X5_in_a_trial_it_ends_at_once_and_uses_no_right_up(trial):
    over = withdrawn(trial, after=5)
    assert (over.status, Refund.objects.count(), WithdrawalUse.objects.count()) == ("ended", 0, 0)


def test_X5_the_right_is_given_once_per_account(yearly, car, digital_key, gateway, now):
    withdrawn(yearly, after=1)
    again = make.subscription(car, package=digital_key, gateway=gateway, now=now + make.days(2))
    assert refusal_code(withdrawal_quote, subscription=again, now=now + make.days(3)) == "withdrawal_used"
    with pytest.raises(IntegrityError), transaction.atomic():
        WithdrawalUse.objects.create(account=again.account, subscription=again, used_at=now)


def test_X5_after_a_trials_first_charge_there_is_a_refund_by_months_but_no_withdrawal(trial, market, gateway, now):
    after_charge = now + make.days(31)
    charging_run(market=market, now=after_charge, gateway=gateway)
    trial.refresh_from_db()
    assert refusal_code(withdrawal_quote, subscription=trial, now=after_charge) == "withdrawal_over"
    assert cancellation_quote(trial, now=after_charge).refund == Decimal("90.75")


def test_there_is_nothing_to_withdraw_from_twice(yearly, now):
    over = withdrawn(yearly, after=1)
    assert refusal_code(withdrawal_quote, subscription=over, now=now + make.days(2)) == "nothing_to_cancel"


def test_a_cancellation_taken_back_and_done_again_on_one_day_is_confirmed_twice(
    car, card, navigation, gateway, owner, now
):
    subscription = make.subscription(car, package=navigation, gateway=gateway)
    cancel(subscription=subscription, confirmed=None, now=now, by=owner)
    undo_cancellation(subscription=subscription, now=now + timedelta(minutes=1), by=owner)
    cancel(subscription=subscription, confirmed=None, now=now + timedelta(minutes=2), by=owner)
    assert owner.notices.filter(kind="cancellation_confirmed").count() == 2
