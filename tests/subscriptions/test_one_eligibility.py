"""C2: the Centre, the public match, the API, the order and the desk name the same reasons, all of them."""

from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from portal.refusals import Refusal
from subscriptions.actions.subscribe import subscribe
from subscriptions.models import Plan
from subscriptions.rules.eligibility import Missing
from subscriptions.words.reasons import MISSING
from tests import make
from tests.subscriptions.test_admin_terms import staff as staff

REASONS = [Missing.MODEL, Missing.GENERATION, Missing.POWERTRAIN, Missing.CAPABILITY]


@pytest.fixture
def package(market):
    needs = {"car_models": ["RZ 450e"], "generations": ["MM19"], "powertrains": ["electric"], "capabilities": ["wifi"]}
    return make.package("other", market=market, **needs)


def test_C2_every_place_names_every_reason(client, car, card, package, staff, gateway):
    vin, plan = car.vehicle.vin, Plan.objects.filter(package=package).first()
    with time_machine.travel(make.NOW, tick=False):
        client.force_login(car.account)
        centre = client.get(reverse("services", args=[car.public_id])).content.decode()
        match = client.get(reverse("match"), {"vin": vin}).content.decode()
        told = client.get(f"/api/v1/connectivity/{vin}/").json()["packages"]
        order = {"account": car.account, "vehicle": car.vehicle, "by": car.account, "plan": plan, "now": make.NOW}
        with pytest.raises(Refusal) as refused:
            subscribe(**order, order_key=uuid4(), order_text="I order.", gateway=gateway)
        desk = staff("agent").get(reverse("admin:garage_vehicle_change", args=[car.vehicle.pk])).content.decode()
    api = " ".join(reason["detail"] for each in told if each["code"] == package.code for reason in each["missing"])
    for shown in (centre, match, api, str(refused.value), desk):
        assert [reason for reason in REASONS if str(MISSING[reason]) not in unescape(shown)] == []
    assert [each["code"] for each in told[0]["missing"]] == REASONS
