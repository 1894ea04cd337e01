"""A process killed with -9 at the steps of a charge and of a refund, one after the other (fault 3).

`make proof` takes every half step; here it is every few.
"""

import os
from collections.abc import Callable, Iterator

import pytest

from subscriptions.actions.cancel import cancel
from subscriptions.actions.run import charging_run
from subscriptions.models import Payment, Refund
from tests.faults.actors import KILLED, later
from tests.faults.books import assert_books_are_right, give_back
from tests.proof.results import note

pytestmark = pytest.mark.django_db(transaction=True)

EVERY = int(os.environ.get("PROOF_EVERY_STEP", "6"))


def steps_killed(act: Callable[[int], int]) -> Iterator[int]:
    """The half steps at which a process was killed that did `act`, until it lives through all of them."""
    step = 1
    while (code := act(step)) == KILLED:
        yield step
        step += EVERY
    assert code == 0


def test_F3_killed_at_any_step_of_a_charge_it_is_made_once_by_the_next_run(order, start, market, bank, today):
    def killed_run(step: int) -> int:
        order()
        code, _ = start("run", dies_at=step).wait()
        charging_run(market=market, now=later(today), gateway=bank.gateway)
        return code

    killed = list(steps_killed(killed_run))
    assert len(killed) > 50 / EVERY
    assert set(Payment.objects.values_list("status", flat=True)) == {"succeeded"}
    assert len(bank.charged()) == len(killed) + 1
    assert_books_are_right(bank, now=later(today))
    note("a run killed at the steps of a charge", kills=len(killed), charged=len(bank.charged()))


def test_F3_killed_at_any_step_of_a_refund_it_is_paid_once_by_the_next_delivery(
    order, start, market, bank, garage, today
):
    def killed_delivery(step: int) -> int:
        [subscription] = order()
        charging_run(market=market, now=today, gateway=bank.gateway)
        cancel(subscription=subscription, confirmed=None, now=today, by=garage.account)
        code, _ = start("pay back", dies_at=step).wait()
        give_back(now=later(today))
        return code

    killed = list(steps_killed(killed_delivery))
    assert len(killed) > 20 / EVERY
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}
    assert_books_are_right(bank, now=later(today))
    note("a delivery killed at the steps of a refund", kills=len(killed), refunded=Refund.objects.count())
