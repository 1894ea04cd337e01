"""What the customer was shown is what is ordered, or they are asked again (X10)."""

from datetime import date
from uuid import uuid4

import pytest

from portal.refusals import Refusal
from subscriptions.actions.subscribe import subscribe
from subscriptions.models import Subscription
from tests import make


def order(membership, package, *, gateway, now, first_charge_on):
    return subscribe(
        account=membership.account,
        vehicle=membership.vehicle,
        plan=package.plans.get(term="yearly"),
        order_key=uuid4(),
        order_text="I order.",
        first_charge_on=first_charge_on,
        now=now,
        by=membership.account,
        gateway=gateway,
    )


def test_X10_a_free_month_that_went_to_another_car_meanwhile_is_not_charged_instead(
    owner, car, card, navigation, gateway, now
):
    """Two tabs at once: both summaries showed the one free month (S3)."""
    shown = {"first_charge_on": date(2026, 7, 10), "gateway": gateway, "now": now}
    order(car, navigation, **shown)
    with pytest.raises(Refusal) as refused:
        order(make.active_car(owner, 2), navigation, **shown)
    assert (refused.value.code, gateway.charges()) == ("quote_changed", [])
    assert Subscription.objects.count() == 1


def test_X10_an_order_that_midnight_overtook_is_shown_again(car, card, digital_key, gateway, now):
    with pytest.raises(Refusal) as refused:
        order(car, digital_key, first_charge_on=date(2026, 6, 9), gateway=gateway, now=now)
    assert (refused.value.code, gateway.charges()) == ("quote_changed", [])
