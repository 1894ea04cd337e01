"""S2: at checkout one may name the dealer who helped with the purchase, and need not."""

import re
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from accounts.actions.dealers import prefer_dealer
from accounts.models import Dealer
from garage.models import WorkshopStaff
from portal import roles
from portal.models import AuditRecord
from subscriptions.actions.subscribe import subscribe
from subscriptions.exporters import EXPORTERS
from subscriptions.models import Subscription
from tests import make
from tests.accounts.test_dealers import FILE
from tests.refusing import refused
from tests.staff import sign_in_at_the_desk


@pytest.fixture
def dealers(market):
    call_command("load_dealers", str(FILE), verbosity=0)
    return list(Dealer.objects.order_by("code"))


@pytest.fixture
def buyer(client, owner, car, card, navigation, gateway, monkeypatch):
    monkeypatch.setattr("subscriptions.views.checkout.get_gateway", lambda: gateway)
    client.force_login(owner)
    with time_machine.travel(make.NOW, tick=False):
        yield client


def order(car, package, gateway, **more):
    return subscribe(
        account=car.account,
        vehicle=car.vehicle,
        plan=package.plans.get(term="yearly"),
        order_key=uuid4(),
        order_text="I order.",
        now=make.NOW,
        by=car.account,
        gateway=gateway,
        **more,
    )


def step(name, car, **query):
    return reverse(name, args=[car.public_id, "navigation"], query={"term": "yearly"} | query)


def sent_form(page):
    return {name: re.search(f'name="{name}" value="([^"]+)"', page.text)[1] for name in ("order_key", "shown")}


def test_S2_the_dealer_who_was_named_stands_on_summary_subscription_and_contract(buyer, car, dealers):
    dealer = dealers[0]
    address = step("checkout_summary", car, dealer=str(dealer.public_id))
    page = buyer.get(address)
    assert dealer.name in page.text
    ordered = buyer.post(address, sent_form(page), follow=True)
    row = Subscription.objects.get()
    assert (ordered.status_code, row.referred_dealer, row.contract.agreed["referred_dealer"]) == (
        200,
        dealer,
        dealer.name,
    )
    for name in ("subscription", "contract"):
        assert dealer.name in buyer.get(reverse(name, args=[row.public_id])).text
    assert AuditRecord.objects.get(what="subscribed").data["referred_dealer"] == dealer.code


def test_S2_naming_a_dealer_is_optional(buyer, car, dealers):
    page = buyer.get(step("checkout_summary", car))
    assert "None named." in page.text
    buyer.post(step("checkout_summary", car), sent_form(page))
    row = Subscription.objects.get()
    assert (row.referred_dealer, row.contract.agreed["referred_dealer"]) == (None, "")
    assert "Dealer who helped" not in buyer.get(reverse("subscription", args=[row.public_id])).text


def test_S2_the_preferred_dealer_comes_first_and_is_not_chosen(buyer, car, owner, dealers):
    preferred = max(dealers, key=lambda dealer: (dealer.town.name, dealer.name))
    prefer_dealer(account=owner, dealer=preferred, now=make.NOW, by=owner)
    page = buyer.get(step("checkout_dealer", car)).text
    offered = re.findall(r"dealer=([0-9a-f-]{36})", page)
    assert (offered[0], "Chosen" in page) == (str(preferred.public_id), False)
    assert "None named." in buyer.get(step("checkout_summary", car)).text


def test_S2_the_list_is_searched_and_what_is_not_found_holds_nobody_up(buyer, car, dealers):
    named = dealers[0]
    found = buyer.get(step("checkout_dealer", car, q=named.name)).text
    assert f"dealer={named.public_id}" in found
    nobody = buyer.get(step("checkout_dealer", car, q="zzzz")).text
    assert "No dealer was found" in nobody
    assert f'href="{step("checkout_summary", car)}"' in nobody


def test_S2_each_step_keeps_the_dealer_in_its_address(buyer, car, dealers):
    chosen = {"dealer": str(dealers[0].public_id)}
    for name in ("checkout_payment", "checkout_summary", "checkout_dealer"):
        page = buyer.get(step(name, car, **chosen)).text
        assert f"term=yearly&amp;dealer={chosen['dealer']}" in page
    for name in ("checkout_plan", "checkout_summary", "checkout_dealer"):
        assert f'name="dealer" value="{chosen["dealer"]}"' in buyer.get(step(name, car, **chosen)).text


@pytest.mark.parametrize("given", ["00000000-0000-4000-8000-000000000000", "nonsense", "\x00"])
def test_a_dealer_whom_there_is_not_is_said_to_be_none(buyer, car, dealers, given):
    page = buyer.get(step("checkout_summary", car, dealer=given)).text
    assert "not in our list any more" in page
    assert "None named." in page


def test_X10_a_dealer_who_left_the_list_meanwhile_is_shown_before_anything_is_ordered(buyer, car, dealers):
    address = step("checkout_summary", car, dealer=str(dealers[0].public_id))
    form = sent_form(buyer.get(address))
    Dealer.objects.filter(pk=dealers[0].pk).update(is_active=False)
    page = buyer.post(address, form)
    assert "Something has changed" in page.text
    assert not Subscription.objects.exists()


def test_the_action_refuses_a_dealer_who_is_not_in_the_markets_list(car, card, navigation, gateway, dealers):
    Dealer.objects.filter(pk=dealers[0].pk).update(is_active=False)
    with refused("dealer_unknown"):
        order(car, navigation, gateway, referred_dealer=dealers[0])
    assert not Subscription.objects.exists()


def test_K2_staff_see_who_was_named(admin_client, car, card, navigation, gateway, dealers, now):
    order(car, navigation, gateway, referred_dealer=dealers[0])
    page = admin_client.get(reverse("admin:subscriptions_subscription_change", args=[Subscription.objects.get().pk]))
    assert dealers[0].name in page.text


def test_A6_the_export_has_the_dealer(car, card, navigation, gateway, dealers):
    order(car, navigation, gateway, referred_dealer=dealers[0])
    [exporter] = [each for each in EXPORTERS if each.name == "subscriptions"]
    [row] = exporter.rows(car.account)
    assert row["referred_dealer_name"] == dealers[0].name


@pytest.fixture
def referred(car, card, navigation, digital_key, gateway, dealers):
    """One order for each of two dealers, one for none."""
    order(car, navigation, gateway, referred_dealer=dealers[0])
    order(car, digital_key, gateway, referred_dealer=dealers[1])
    order(car, make.package("wifi", market=car.account.market), gateway)
    return dealers


def test_K1_a_dealer_sees_its_own_referrals_and_not_whose_they_are(client, owner, car, market, referred):
    roles.load_roles()
    mechanic = make.account("mechanic@staff.example.com", market=market, is_staff=True)
    mechanic.groups.add(Group.objects.get(name="dealer"))
    WorkshopStaff.objects.create(account=mechanic, workshop=make.workshop(market, dealer=referred[0]))
    desk = sign_in_at_the_desk(client, mechanic)
    page = desk.get(reverse("admin:subscriptions_referral_changelist")).text
    assert ("Navigation" in page, "Digital-Key" in page, "Wifi" in page) == (True, False, False)
    assert not [said for said in (owner.email, owner.last_name, car.vehicle.vin, car.vehicle.plate) if said in page]
    others = Subscription.objects.get(package__code="digital-key")
    assert desk.get(reverse("admin:subscriptions_referral_change", args=[others.pk])).status_code == 302


def test_K1_the_customer_centre_sees_every_referral_and_an_order_without_a_dealer_is_none(admin_client, referred):
    page = admin_client.get(reverse("admin:subscriptions_referral_changelist")).text
    assert ("Navigation" in page, "Digital-Key" in page, "Wifi" in page) == (True, True, False)
