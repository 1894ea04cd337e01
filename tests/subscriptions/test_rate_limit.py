"""A provider that takes few calls at once: the run waits for its turn, loses nothing and uses up no try (fault 11)."""

import time

import pytest

from portal.models import AuditRecord
from subscriptions.actions.run import charging_run
from subscriptions.gateway.pacing import in_turn
from subscriptions.gateway.port import RateLimited
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.rate import Bucket
from subscriptions.models import Payment, Subscription
from tests import make

TRIAL = make.days(30)


@pytest.fixture
def trials(market, car, card, gateway):
    """Twelve free months that come to their end on the same day."""
    for number in range(12):
        package = make.package(f"package-{number}", market=market, prices={"monthly": "9.90"}, gives_trial=True)
        make.subscription(car, package=package, term="monthly", gateway=gateway)


def test_a_run_keeps_to_the_rate_and_charges_everything(trials, market, gateway, now):
    limited = InProcessGateway(gateway.provider, bucket=Bucket(8))
    began = time.monotonic()
    charging_run(market=market, now=now + TRIAL, gateway=limited)
    assert time.monotonic() - began > (12 - 8) / 8 - 0.1
    assert set(Payment.objects.values_list("status", "attempt")) == {("succeeded", 1)}
    assert (len(gateway.charges()), set(Subscription.objects.values_list("tries_used", flat=True))) == (12, {0})
    assert not AuditRecord.objects.filter(what="failed").exists()


def test_a_limit_that_does_not_lift_uses_up_no_try_and_the_next_run_charges(trials, market, gateway, now):
    never_again = Bucket(0.01, clock=lambda: 0.0)
    charging_run(market=market, now=now + TRIAL, gateway=InProcessGateway(gateway.provider, bucket=never_again))
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["failed"] * 11 + ["succeeded"]
    assert set(Subscription.objects.values_list("tries_used", flat=True)) == {0}
    charging_run(market=market, now=now + TRIAL, gateway=gateway)
    assert (Payment.objects.filter(status="succeeded").count(), len(gateway.charges())) == (12, 12)


def test_a_call_waits_as_long_as_it_was_asked_to_but_not_for_ever():
    waits = []

    def limited():
        raise RateLimited("too many", retry_after=4.0)

    with pytest.raises(RateLimited):
        in_turn(limited, patience=10.0, sleep=waits.append)
    assert waits == [4.0, 4.0]
    assert in_turn(lambda: "answer", sleep=waits.append) == "answer"
