"""The summary promises the right of withdrawal only to whom it is still given (X5, S2)."""

import pytest
from django.urls import reverse

from subscriptions.actions.withdraw import withdraw
from tests import make


@pytest.mark.parametrize("has_withdrawn", [False, True])
def test_X5_the_summary_promises_no_refund_by_withdrawal_twice(
    car, card, digital_key, gateway, owner, client, has_withdrawn
):
    if has_withdrawn:
        subscription = make.subscription(car, package=digital_key, gateway=gateway)
        withdraw(subscription=subscription, confirmed=None, now=make.NOW, by=owner)
    client.force_login(owner)
    page = client.get(reverse("checkout_summary", args=[car.public_id, "digital-key"]), {"term": "yearly"}).text
    assert ("you get back all that you paid" in page) is not has_withdrawn
    assert ("with a refund before. You can still cancel." in page) is has_withdrawn
