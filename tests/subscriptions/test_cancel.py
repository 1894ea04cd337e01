from datetime import date
from decimal import Decimal

from subscriptions.actions.cancel import cancel, cancellation_quote
from subscriptions.actions.run import charging_run
from tests import make


def test_X2_cancelling_in_the_trial_ends_with_the_trial(car, card, navigation, gateway, owner, now):
    subscription = make.subscription(car, package=navigation, gateway=gateway)
    ended = cancel(subscription=subscription, confirmed=None, now=now + make.days(3), by=owner)
    assert ended.ends_on == date(2026, 7, 10)
    charging_run(market=owner.market, now=now + make.days(40), gateway=gateway)
    ended.refresh_from_db()
    assert (ended.status, ended.payments.count()) == ("ended", 0)


def test_X4_a_yearly_plan_is_refunded_by_whole_months_left(car, card, digital_key, gateway, owner, now):
    subscription = make.subscription(car, package=digital_key, gateway=gateway)
    quote = cancellation_quote(subscription, now=now + make.days(100))
    assert (quote.months_used, quote.refund) == (4, Decimal("40.00"))
