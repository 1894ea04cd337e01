"""The right to withdraw with a refund is the account's, however many contracts are withdrawn from at once (X5)."""

from functools import partial

import pytest

from subscriptions.actions.withdraw import withdraw
from subscriptions.models import Refund, WithdrawalUse
from tests import make
from tests.concurrency.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_X5_of_two_contracts_withdrawn_from_at_once_one_is_refunded(market, owner, car, card, gateway, now):
    names = ("digital-key", "wifi")
    packages = [make.package(name, market=market, prices={"yearly": "60.00"}) for name in names]
    contracts = [make.subscription(car, package=package, gateway=gateway) for package in packages]
    said = at_once(
        *[partial(withdraw, subscription=contract, confirmed=None, now=now, by=owner) for contract in contracts]
    )
    assert said == {"done": 1, "withdrawal_used": 1}
    assert (Refund.objects.count(), WithdrawalUse.objects.count()) == (1, 1)
