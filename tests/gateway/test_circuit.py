"""Nobody waits again and again for a provider that does not answer (fault 13)."""

import socket
from decimal import Decimal

import pytest

from subscriptions.gateway.circuit import PAUSE_SECONDS, SILENCES, Circuit
from subscriptions.gateway.port import ProviderDown
from subscriptions.gateway.sandbox.client import SandboxGateway
from subscriptions.gateway.stripe.client import StripeGateway


@pytest.fixture
def moment():
    return [0.0]


@pytest.fixture
def circuit(moment):
    return Circuit(clock=lambda: moment[0])


def fall_silent(circuit, times=SILENCES):
    for _ in range(times):
        assert circuit.lets_through()
        circuit.was_silent()


def test_after_five_silences_in_a_row_nobody_is_let_through(circuit):
    fall_silent(circuit)
    assert not circuit.lets_through()


def test_an_answer_in_between_begins_the_count_anew(circuit):
    fall_silent(circuit, SILENCES - 1)
    circuit.answered()
    fall_silent(circuit, SILENCES - 1)
    assert circuit.lets_through()


def test_after_the_pause_one_call_finds_out_and_the_others_are_still_spared(circuit, moment):
    fall_silent(circuit)
    moment[0] += PAUSE_SECONDS
    assert [circuit.lets_through() for _ in range(3)] == [True, False, False]
    circuit.was_silent()
    assert not circuit.lets_through()
    moment[0] += PAUSE_SECONDS
    assert circuit.lets_through()
    circuit.answered()
    assert all(circuit.lets_through() for _ in range(3))


@pytest.mark.parametrize(
    "gateway",
    [
        lambda url: SandboxGateway(url, "secret", timeout=0.1),
        lambda url: StripeGateway("sk_test_1", base_url=url, timeout=0.1),
    ],
    ids=["sandbox", "stripe"],
)
def test_a_charge_that_was_not_even_sent_is_certainly_not_made(gateway):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        asked = gateway(f"http://127.0.0.1:{silent.getsockname()[1]}")
        for _ in range(SILENCES):
            with pytest.raises(ProviderDown):
                asked.card_setup(setup_ref="cs_test_1")
        with pytest.raises(ProviderDown):
            asked.charge(key="k", card_ref="cus_1:pm_1", amount=Decimal("1.00"), currency="EUR", description="d")
        asked.close()
