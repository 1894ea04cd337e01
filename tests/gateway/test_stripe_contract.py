"""The contract of every gateway, kept by ours for Stripe over the stand-in."""

from datetime import timedelta

import pytest

from subscriptions.gateway.port import OutcomeUnknown
from tests.gateway import test_contract
from tests.gateway.calls import add_card, charge, refund
from tests.gateway.stripe_controls import controlled_stripe

OTHERWISE = {
    # The portal makes its return addresses itself, and Stripe does not look at them.
    "test_a_return_address_elsewhere_is_refused",
    "test_a_charge_is_not_sent_back_to_elsewhere",
    # Stripe's moments are whole seconds: in whole seconds below.
    "test_the_list_goes_on_after_a_charge_and_leaves_out_what_is_older",
    # A refund above what is left is refused at Stripe without an event: the others below.
    "test_each_outcome_is_told_once_by_its_key_even_if_its_answer_was_lost",
    # Stripe refuses the same key while it is at work: test_stripe.py.
    "test_eight_threads_with_one_key_see_one_charge",
    # A call of the sandbox only.
    "test_no_such_behaviour_is_an_error_of_the_caller",
}
CONTRACT = {name: test for name, test in vars(test_contract).items() if name.startswith("test_")}
globals().update({name: test for name, test in CONTRACT.items() if name not in OTHERWISE})


@pytest.fixture
def gateway(clock):
    # Short pages, so that every question turns some.
    with controlled_stripe(clock, page_limit=1) as gateway:
        yield gateway


def test_what_is_left_out_is_in_the_contract():
    assert set(CONTRACT) >= OTHERWISE


def test_what_is_pages_back_is_found(gateway):
    card = add_card(gateway)
    charged = [charge(gateway, card, key=f"charge-{nth}") for nth in range(4)]
    refunded = [refund(gateway, one, key=f"refund-{nth}") for nth, one in enumerate(charged)]
    assert gateway.find_charge(key="charge-0") == charged[0]
    assert gateway.find_refund(key="refund-0") == refunded[0]


def test_the_list_goes_on_after_a_charge_and_leaves_out_earlier_seconds(gateway, clock):
    card, moments = add_card(gateway), []
    for nth in range(4):
        clock.now += timedelta(hours=20)
        moments.append(clock.now)
        charge(gateway, card, key=f"charge-{nth}")
    first, second, third, fourth = gateway.charges()
    assert gateway.charges(after=first.charge_ref) == [second, third, fourth]
    assert gateway.charges(since=moments[1]) == [second, third, fourth]
    assert gateway.charges(since=moments[2], after=first.charge_ref) == [third, fourth]
    assert gateway.charges(after=fourth.charge_ref) == []


def test_each_outcome_that_stripe_keeps_is_told_once_by_its_key(gateway):
    card = add_card(gateway)
    charged = charge(gateway, card)
    charge(gateway, card)
    charge(gateway, add_card(gateway, "stolen", nth=1), key="charge-2")
    with pytest.raises(OutcomeUnknown):
        charge(gateway, add_card(gateway, "timeout_charged", nth=2), key="charge-3")
    refund(gateway, charged, amount="1.00")
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="rejected")
    refund(gateway, charged, key="refund-2", amount="1.00")
    told = [("charge.succeeded", 1), ("charge.declined", 2), ("charge.succeeded", 3)]
    refunds = [("refund.succeeded", "refund-1"), ("refund.rejected", "refund-2")]
    assert [(e.kind, e.key) for e in gateway.events()] == [(kind, f"charge-{nth}") for kind, nth in told] + refunds
