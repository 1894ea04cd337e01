"""C8: a market may switch off buying in the portal; what runs there goes on."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from subscriptions.actions.cancel import cancel
from subscriptions.actions.collect import collect
from subscriptions.actions.subscribe import subscribe
from subscriptions.models import Payment, Subscription
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.offer import Channel
from tests import make
from tests.refusing import refused

SENTENCE = "In your country this is bought in the app"


def stop_selling(market) -> None:
    market.sells_in_portal = False
    market.save(update_fields=["sells_in_portal"])


def order(car, package, gateway, **more):
    car.account.market.refresh_from_db()
    return subscribe(
        account=car.account,
        vehicle=car.vehicle,
        plan=package.plans.get(term="monthly"),
        order_key=uuid4(),
        order_text="I order.",
        now=make.NOW,
        by=car.account,
        gateway=gateway,
        **more,
    )


@pytest.fixture
def visitor(client, owner):
    client.force_login(owner)
    with time_machine.travel(make.NOW, tick=False):
        yield client


def test_C8_an_order_from_the_portal_is_refused_and_nothing_is_charged(car, card, digital_key, gateway, market):
    stop_selling(market)
    with refused("not_sold_here"):
        order(car, digital_key, gateway)
    assert (Subscription.objects.count(), gateway.charges()) == (0, [])


def test_C8_an_order_from_the_app_is_taken(car, card, digital_key, gateway, market):
    stop_selling(market)
    assert order(car, digital_key, gateway, channel=Channel.APP).status == Status.PAID


@pytest.mark.parametrize("name", ["checkout_plan", "checkout_payment", "checkout_dealer", "checkout_summary"])
def test_C8_each_step_of_the_checkout_says_where_it_is_bought(visitor, car, card, digital_key, market, name):
    stop_selling(market)
    address = reverse(name, args=[car.public_id, digital_key.code], query={"term": "yearly"})
    answer = visitor.get(address, follow=True)
    assert answer.redirect_chain == [(reverse("services", args=[car.public_id]), 302)]
    assert SENTENCE in answer.text


def test_C8_a_summary_that_was_open_before_orders_nothing(visitor, car, card, digital_key, market):
    address = reverse("checkout_summary", args=[car.public_id, digital_key.code], query={"term": "yearly"})
    visitor.get(address)
    stop_selling(market)
    answer = visitor.post(address, {"order_key": str(uuid4()), "shown": "any"}, follow=True)
    assert (SENTENCE in answer.text, Subscription.objects.count()) == (True, 0)


@pytest.mark.parametrize("sells", [True, False])
def test_C8_the_centre_has_the_price_and_a_button_only_where_it_is_sold(visitor, car, digital_key, market, sells):
    if not sells:
        stop_selling(market)
    page = visitor.get(reverse("services", args=[car.public_id])).text
    assert "€5.00" in page
    assert (reverse("checkout_plan", args=[car.public_id, digital_key.code]) in page) is sells
    assert (SENTENCE in page) is not sells


@pytest.mark.parametrize("sells", [True, False])
def test_C8_the_public_prices_say_where_they_are_bought(client, digital_key, market, sells):
    if not sells:
        stop_selling(market)
    page = client.get(reverse("prices")).text
    assert "€60.00" in page
    assert (f"{SENTENCE} {market.brand.app_name}." in page) is not sells


def test_C8_what_runs_renews_and_is_cancelled_as_before(visitor, car, card, digital_key, gateway, market, owner):
    running = order(car, digital_key, gateway)
    stop_selling(market)
    later = make.NOW + make.days(31)
    collect(market=market, subscription_ids=[running.pk], now=later, gateway=gateway)
    assert Payment.objects.filter(subscription=running, status="succeeded").count() == 2
    assert visitor.get(reverse("cancellation", args=[running.public_id])).status_code == 200
    running.refresh_from_db()
    cancel(subscription=running, confirmed=None, now=later, by=owner)
    running.refresh_from_db()
    assert running.is_ending
