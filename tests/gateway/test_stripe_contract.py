"""The contract of every gateway, kept by ours for Stripe over the stand-in."""

import pytest

from tests.gateway import test_contract
from tests.gateway.calls import add_card, charge, refund
from tests.gateway.stripe_controls import controlled_stripe

OTHERWISE = {
    # The portal makes its return addresses itself, and Stripe does not look at them.
    "test_a_return_address_elsewhere_is_refused",
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
