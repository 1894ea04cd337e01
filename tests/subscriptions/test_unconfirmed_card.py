"""A card that the bank wants confirmed is not charged again without the customer (P8)."""

from subscriptions.actions.run import charging_run
from subscriptions.actions.wallet import make_primary
from tests import make


def test_P8_another_cards_decline_in_between_does_not_lift_it(car, owner, navigation, gateway, clock, now):
    waiting = make.card(owner, gateway=gateway, behaves="needs_authentication")
    broke = make.card(owner, gateway=gateway, nth=1, behaves="insufficient_funds")
    subscription = make.subscription(car, package=navigation, gateway=gateway)
    for day, card in ((30, waiting), (31, broke), (32, waiting)):
        clock.now = now + make.days(day)
        make_primary(card=card, now=clock.now, by=owner)
        charging_run(market=owner.market, now=clock.now, gateway=gateway)
    subscription.refresh_from_db()
    assert [payment.card for payment in subscription.payments.order_by("attempt")] == [waiting, broke]
    assert subscription.end_reason == "payment_failed"
