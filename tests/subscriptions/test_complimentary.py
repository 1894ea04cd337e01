"""Taking up the free years: only what the car is capable of (C2, C4)."""

import pytest
from django.urls import reverse

from portal.refusals import Refusal
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.models import Subscription
from tests import make

FREE = {"complimentary_months": {"default": 240}}


def test_C2_what_the_car_is_not_capable_of_is_not_activated_by_a_forged_form(client, market, owner, car):
    wifi = make.package("wifi", market=market, capabilities=["wifi"], **FREE)
    client.force_login(owner)
    client.post(reverse("activation", args=[car.public_id, wifi.code]))
    assert not Subscription.objects.exists()


def test_C2_nor_what_is_for_other_cars_by_the_action_itself(market, owner, car, now):
    charging = make.package("charging", market=market, powertrains=["bev"], **FREE)
    with pytest.raises(Refusal) as refused:
        activate_complimentary(account=owner, vehicle=car.vehicle, package=charging, now=now, by=owner)
    assert refused.value.code == "not_offered"


def test_C4_what_is_for_the_car_is_taken_up(market, owner, car, now):
    remote = make.package("remote", market=market, capabilities=["remote"], **FREE)
    assert activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner).is_in_service


def test_C1_its_page_says_that_it_is_free_and_what_a_plan_costs_afterwards(client, market, owner, car, now):
    remote = make.package("remote", market=market, capabilities=["remote"], **FREE)
    free = activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner)
    client.force_login(owner)
    page = client.get(reverse("subscription", args=[free.public_id])).content.decode()
    assert page.index("Free</dd>") < page.index("Price after the free years") < page.index("€8.25")
