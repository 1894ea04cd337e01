"""A process killed with -9 at every single step of a charge, of a refund, of a delivery (fault 3)."""

import pytest

from tests.faults.actors import later
from tests.faults.books import assert_books_are_right

pytestmark = pytest.mark.django_db(transaction=True)


def test_probe(order, start, bank, today, market, portal):
    import time

    t = time.time()
    order(3)
    print("order", time.time() - t)
    t = time.time()
    actor = start("run")
    print(actor.wait(), time.time() - t)
    t = time.time()
    actor = start("run", now=later(today))
    print(actor.wait(), time.time() - t)
    t = time.time()
    assert_books_are_right(bank, now=today)
    print(bank.charged())
