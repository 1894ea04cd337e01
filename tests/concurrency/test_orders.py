"""Twenty requests order the same package at the same moment: one subscription, one charge at the provider (S7, P4)."""

from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.models import Contract, Payment, Subscription, TrialUse
from tests import make
from tests.concurrency.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
REQUESTS = 20


@pytest.fixture
def gateway(tmp_path, clock, settings):
    """The provider in a file, so that all threads reach the same one."""
    provider = SandboxProvider(
        tmp_path / "sandbox.sqlite3", clock=clock, return_origins=[make.RETURN_ORIGIN, settings.SITE_URL]
    )
    yield InProcessGateway(provider)
    provider.close()


@pytest.fixture
def post_at_once(owner, card, gateway, monkeypatch):
    """Sends the order of so many windows and devices, each signed in by itself; where they were led."""
    monkeypatch.setattr("subscriptions.views.checkout.get_gateway", lambda: gateway)

    def posted(car, package, order_keys):
        address = reverse("checkout_summary", args=[car.public_id, package.code], query={"term": "yearly"})
        windows = [Client() for _ in order_keys]
        for window in windows:
            window.force_login(owner)
        shown = windows[0].get(address).context["seal"]
        sent = zip(windows, order_keys, strict=True)
        acts = [partial(window.post, address, {"order_key": str(key), "shown": shown}) for window, key in sent]
        return at_once(*acts, say=lambda answer: str(answer.status_code))

    return posted


@pytest.mark.parametrize("is_same_form", [True, False], ids=["the same form", "windows of their own"])
def test_S7_twenty_orders_are_one_subscription_and_one_charge(car, digital_key, gateway, post_at_once, is_same_form):
    keys = [uuid4()] * REQUESTS if is_same_form else [uuid4() for _ in range(REQUESTS)]
    answers = post_at_once(car, digital_key, keys)
    assert sum(answers.values()) == REQUESTS
    assert not {code for code in answers if code not in {"200", "302"}}
    assert (Subscription.objects.get().status, Payment.objects.get().status) == ("paid", "succeeded")
    assert (len(gateway.charges()), Contract.objects.count()) == (1, 1)


def test_S7_twenty_orders_ahead_are_one_and_cost_nothing(owner, market, gateway, post_at_once, now):
    market.order_ahead_days = 60
    market.save(update_fields=["order_ahead_days"])
    soon = date.today().replace(day=1).replace(year=date.today().year - 4)
    car = make.active_car(owner, warranty_start=soon)
    facts = {"prices": {"yearly": "60.00"}, "gives_trial": True, "complimentary_months": {"default": 49}}
    post_at_once(car, make.package("remote", market=market, **facts), [uuid4() for _ in range(REQUESTS)])
    assert (Subscription.objects.get().status, gateway.charges(), TrialUse.objects.count()) == ("scheduled", [], 0)
