"""A charge that got lost on its way: sent again only where the customer would expect to be charged (P4, W3, X11)."""

from subscriptions.actions.begin import begin
from subscriptions.actions.cancel import cancel
from subscriptions.actions.run import charging_run
from subscriptions.actions.send import send
from subscriptions.actions.wallet import make_primary, remove_card
from tests import make


def _lose_the_charge(car, owner, package, *, gateway, clock, now):
    """A yearly charge without an answer, which the provider never carried out; its next call is answered again."""
    subscription = make.subscription(car, package=package, gateway=gateway)
    card = owner.cards.get()
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="timeout_not_charged")
    clock.now = now + make.days(30)
    [payment] = begin([subscription.pk], now=clock.now).payments
    send(payment, now=clock.now, gateway=gateway)
    return subscription, card


def test_W3_a_lost_charge_is_not_sent_again_to_a_removed_card(car, card, owner, navigation, gateway, clock, now):
    subscription, lost_on = _lose_the_charge(car, owner, navigation, gateway=gateway, clock=clock, now=now)
    other = make.card(owner, gateway=gateway, nth=1)
    make_primary(card=other, now=clock.now, by=owner)
    remove_card(card=lost_on, now=clock.now, by=owner)
    gateway.forget_card(card_ref=lost_on.card_ref)
    charging_run(market=owner.market, now=clock.now, gateway=gateway)
    paid = subscription.payments.get(status="succeeded")
    assert (paid.card, paid.attempt, subscription.payments.filter(status="declined").count()) == (other, 1, 0)


def test_X11_a_lost_charge_is_not_sent_again_for_one_just_cancelled(
    car, card, owner, navigation, gateway, clock, now, monkeypatch
):
    subscription, _lost_on = _lose_the_charge(car, owner, navigation, gateway=gateway, clock=clock, now=now)
    find = gateway.find_charge

    def find_while_the_customer_cancels(*, key):
        cancel(subscription=subscription, confirmed=None, now=clock.now, by=owner)
        return find(key=key)

    monkeypatch.setattr(gateway, "find_charge", find_while_the_customer_cancels)
    charging_run(market=owner.market, now=clock.now, gateway=gateway)
    assert (gateway.charges(), subscription.payments.get().status) == ([], "failed")


def test_a_card_that_the_provider_does_not_know_leaves_no_charge_open(car, card, navigation, gateway, now):
    subscription = make.subscription(car, package=navigation, gateway=gateway)
    card.card_ref = "card_unknown"
    card.save(update_fields=["card_ref"])
    later = now + make.days(30)
    [payment] = begin([subscription.pk], now=later).payments
    send(payment, now=later, gateway=gateway)
    subscription.refresh_from_db()
    assert (subscription.payments.get().status, subscription.status, subscription.tries_used) == ("failed", "trial", 0)
