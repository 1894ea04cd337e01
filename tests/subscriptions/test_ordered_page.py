"""The page of what was ordered never says more than still holds, and a no that comes late is told (S11, S12)."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from accounts.notices import texts
from subscriptions.actions.cancel import cancel
from subscriptions.actions.run import charging_run
from subscriptions.models import Subscription
from tests import make

NOTHING = "Nothing was activated and nothing is owed."


@pytest.fixture
def visitor(client, owner):
    client.force_login(owner)
    with time_machine.travel(make.NOW, tick=False):
        yield client


def order(car, package, gateway, behaves):
    make.card(car.account, gateway=gateway, behaves=behaves)
    return make.subscription(car, package=package, gateway=gateway)


def page_of(row) -> str:
    return reverse("ordered", args=[row.public_id])


def test_S11_a_no_that_comes_late_is_told_and_the_pages_address_still_answers(
    visitor, car, digital_key, gateway, market, owner, now
):
    waiting = order(car, digital_key, gateway, "timeout_not_charged")
    shown = visitor.get(page_of(waiting)).text
    assert "Your order is being confirmed" in shown
    assert "Look again" in shown
    assert "on its way by e-mail" not in shown
    charging_run(market=market, now=now + make.days(1), gateway=gateway)
    notice = owner.notices.get()
    assert (notice.kind, notice.facts["url"]) == ("order_refused", reverse("wallet"))
    assert NOTHING in texts.body(notice)
    assert "has ended" not in texts.body(notice)
    answer = visitor.get(page_of(waiting), follow=True)
    assert (answer.status_code, NOTHING in answer.text) == (200, True)
    assert "did not carry out the charge" in answer.text


def test_S11_a_no_that_comes_at_once_is_shown_and_not_told(car, digital_key, gateway, owner):
    with pytest.raises(Exception, match="declined"):
        order(car, digital_key, gateway, "insufficient_funds")
    assert not owner.notices.exists()


def test_a_strangers_refused_order_is_not_there(client, car, digital_key, gateway, market, stranger, now):
    waiting = order(car, digital_key, gateway, "timeout_not_charged")
    charging_run(market=market, now=now + make.days(1), gateway=gateway)
    client.force_login(stranger)
    assert client.get(page_of(waiting)).status_code == 404


def test_S2_what_was_cancelled_since_is_not_called_active(visitor, car, card, digital_key, gateway, owner, now):
    row = make.subscription(car, package=digital_key, gateway=gateway)
    assert "Digital-Key is active" in visitor.get(page_of(row)).text
    cancel(subscription=row, confirmed=None, now=now, by=owner)
    assert visitor.get(page_of(row))["Location"] == reverse("subscription", args=[row.public_id])


def test_G5_it_leads_back_to_the_car_of_the_order(visitor, car, card, digital_key, gateway, owner):
    row = make.subscription(car, package=digital_key, gateway=gateway)
    make.active_car(owner, 2)
    assert f'href="{reverse("services", args=[car.public_id])}"' in visitor.get(page_of(row)).text


@pytest.mark.parametrize("name", ["checkout_plan", "checkout_payment", "checkout_dealer", "checkout_summary"])
def test_S12_an_addition_without_its_base_is_told_at_each_step(visitor, car, card, market, navigation, name):
    add_on = make.package("more", market=market, base=navigation)
    answer = visitor.get(reverse(name, args=[car.public_id, add_on.code], query={"term": "yearly"}), follow=True)
    assert answer.redirect_chain == [(reverse("services", args=[car.public_id]), 302)]
    assert answer.text.count("which has to be running first") == 2
    assert not Subscription.objects.exists()


def test_C2_C4_what_cannot_be_ordered_says_why(visitor, car, card, market):
    facts = {"electric": {"powertrains": ["electric"]}, "free": {"complimentary_months": {"default": 120}}}
    for code, said in (("electric", "another kind of drive"), ("free", "still included with the car")):
        package = make.package(code, market=market, **facts[code])
        answer = visitor.get(reverse("checkout_plan", args=[car.public_id, package.code]), follow=True)
        shown = [str(message) for message in answer.context["messages"]]
        assert len(shown) == 1
        assert said in shown[0]


def test_C4_what_is_free_later_says_from_when(visitor, owner, card, market):
    car = make.active_car(owner, 3, warranty_start=date(2026, 6, 20))
    package = make.package("free", market=market, complimentary_months={"default": 48})
    answer = visitor.get(reverse("checkout_plan", args=[car.public_id, package.code]), follow=True)
    said = "This package comes with the car from 20 June 2026. It can be ordered when that ends."
    assert [str(message) for message in answer.context["messages"]] == [said]


@pytest.mark.parametrize(("in_car", "said"), [(True, "Remote is being activated"), (False, "Remote is active now.")])
def test_C1_what_the_car_has_still_to_switch_on_is_not_called_active(visitor, car, market, in_car, said):
    package = make.package("remote", market=market, complimentary_months={"default": 120}, is_set_up_in_car=in_car)
    answer = visitor.post(reverse("activation", args=[car.public_id, package.code]), follow=True)
    assert [str(message) for message in answer.context["messages"]] == [said]
