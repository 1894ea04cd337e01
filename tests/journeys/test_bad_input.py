"""What people mistype and press twice: answered in words, nothing lost, nothing doubled."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, BillingProfile
from garage.models import Membership
from portal.outbox import deliver, waiting
from subscriptions.gateway.sandbox.cards import card_number
from subscriptions.models import CardSetup, Contract, Document, Payment, PaymentCard, Refund, Subscription
from tests import make
from tests.browser.visitor import FIRST_LINK
from tests.journeys.conftest import hidden, words


def step(name, car, package):
    return reverse(name, args=[car.public_id, package.code]) + "?term=yearly"


def counts():
    """What an order makes; each of them once."""
    return [model.objects.count() for model in (Subscription, Contract, Payment, Document)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("JTJSAMPLECY9O0001", "Character 13 is the letter O. A VIN has no I, O or Q: use 0 instead."),
        ("JTJSAMPLECY999999", "We do not know this VIN."),
    ],
)
def test_a_vin_that_cannot_be_or_is_unknown_is_kept_in_the_field(customer, typed, said):
    response = customer.post(reverse("add_vehicle"), {"vin": typed})
    assert said in words(response)
    assert f'value="{typed}"' in response.content.decode()
    assert not Membership.objects.exists()


def test_the_eleventh_car_is_refused_and_the_ten_stay(customer, owner):
    for number in range(1, 11):
        make.active_car(owner, number)
    eleventh = make.registry_entry(11)
    response = customer.post(reverse("add_vehicle"), {"vin": eleventh.vin})
    assert "Your garage is full: it holds 10 cars." in words(response)
    assert Membership.objects.current().filter(account=owner).count() == 10


def test_a_wrong_reading_costs_one_try_and_the_right_one_still_proves(customer, owner):
    customer.post(reverse("add_vehicle"), {"vin": make.registry_entry(1).vin})
    car = Membership.objects.get(account=owner)
    page = reverse("prove_access", args=[car.public_id])
    assert "You have 2 more tries" in words(customer.post(page, {"reading": "12"}))
    answer = customer.post(page, {"reading": str(make.ODOMETER_KM)}, follow=True)
    assert "Access is proved" in words(answer)


def test_a_card_that_is_not_accepted_is_said_so_and_the_order_waits(customer, car, navigation, provider_site):
    here = step("checkout_payment", car, navigation)
    sent = customer.post(reverse("add_card"), {"next": here})
    assert sent["Location"].startswith("http://127.0.0.1")
    setup = CardSetup.objects.get()
    provider_site.complete_setup(
        setup_ref=setup.setup_ref, number=card_number("amex", 1), exp_month=12, exp_year=2040, behaviour="ok"
    )
    for _twice in range(2):
        back = customer.get(reverse("card_return", args=[setup.public_id]), follow=True)
        assert back.redirect_chain == [(here, 302)]
        assert "This kind of card is not accepted." in words(back)
    assert not PaymentCard.objects.exists()


def test_an_address_that_lacks_a_town_keeps_what_was_typed(customer, owner, car, navigation):
    BillingProfile.objects.all().delete()
    typed = {"name": "Elena Test", "address_line_1": "Makariou 1", "postcode": "1065", "country": "CY"}
    after = step("checkout_payment", car, navigation)
    response = customer.post(reverse("billing_profile"), {**typed, "next": after})
    assert 'value="Makariou 1"' in response.content.decode()
    assert hidden(response)["next"].replace("&amp;", "&") == after
    assert not BillingProfile.objects.exists()
    assert customer.post(reverse("billing_profile"), {**typed, "town": "Nicosia", "next": after})["Location"] == after


def test_an_order_without_a_card_leads_to_the_card(customer, car, navigation):
    answer = customer.get(step("checkout_summary", car, navigation))
    assert answer["Location"] == step("checkout_payment", car, navigation)


@pytest.fixture
def shown(customer, car, card, digital_key):
    """The summary of an order that is charged at once, open in two tabs."""
    page = step("checkout_summary", car, digital_key)
    return page, hidden(customer.get(page)), hidden(customer.get(page))


def test_the_same_form_sent_twice_orders_once(customer, shown):
    page, form, _other_tab = shown
    first, second = customer.post(page, form), customer.post(page, form)
    assert first["Location"] == second["Location"] == reverse("ordered", args=[Subscription.objects.get().public_id])
    assert counts() == [1, 1, 1, 1]


def test_two_tabs_order_once(customer, shown):
    page, form, other_tab = shown
    assert form["order_key"] != other_tab["order_key"]
    customer.post(page, form)
    second = customer.post(page, other_tab, follow=True)
    assert "You have ordered Digital-Key already." in words(second)
    assert counts() == [1, 1, 1, 1]


@pytest.mark.parametrize("name", ["checkout_plan", "checkout_payment", "checkout_summary"])
def test_going_back_after_ordering_leads_to_the_subscription(customer, shown, car, digital_key, name):
    page, form, _other_tab = shown
    customer.post(page, form)
    back = customer.get(step(name, car, digital_key), follow=True)
    assert back.redirect_chain == [(reverse("subscription", args=[Subscription.objects.get().public_id]), 302)]
    assert "You have ordered Digital-Key already." in words(back)


@pytest.mark.parametrize("change", [{"shown": ""}, {"shown": "forged"}, {"order_key": "no key", "shown": ""}])
def test_a_form_that_shows_nothing_orders_nothing(customer, shown, change):
    page, form, _other_tab = shown
    assert "Please look again before you order." in words(customer.post(page, form | change))
    assert counts() == [0, 0, 0, 0]


def test_a_declined_card_leaves_nothing_owed_and_another_card_orders(customer, owner, car, digital_key, provider_site):
    make.card(owner, gateway=provider_site, behaves="insufficient_funds")
    page = step("checkout_summary", car, digital_key)
    refused = customer.post(page, hidden(customer.get(page)))
    assert "Nothing was activated and nothing is owed." in words(refused)
    assert not Document.objects.exists()
    make.card(owner, gateway=provider_site, nth=1)
    customer.post(reverse("primary_card", args=[PaymentCard.objects.get(is_primary=False).public_id]))
    customer.post(page, hidden(customer.get(page)))
    assert (Document.objects.count(), Subscription.objects.filter(status="paid").count()) == (1, 1)


def test_cancelling_twice_cancels_once(customer, shown):
    page, form, _other_tab = shown
    customer.post(page, form)
    address = reverse("cancellation", args=[Subscription.objects.get().public_id])
    confirmed = hidden(customer.get(address))
    customer.post(address, confirmed)
    assert customer.post(address, confirmed).status_code == 302
    assert (Subscription.objects.get().end_reason, Refund.objects.count()) == ("cancelled", 1)


def test_an_expired_activation_link_says_so_and_a_new_one_works(client, market, mailoutbox):
    client.post(reverse("account_signup"), {"email": "new@example.com", "password1": make.PASSWORD})
    old = newest_link(mailoutbox)
    with time_machine.travel(later := now_and(days=3, minutes=1)):
        expired = words(client.get(old))
        assert "This link has expired" in expired
        assert "Ask for a new link" in expired
        client.post(reverse("activation_request"), {"email": "new@example.com"})
        new = newest_link(mailoutbox, at=later)
        client.post(new)
    assert Account.objects.get().emailaddress_set.get().verified


def newest_link(mailoutbox, at=None):
    at = (at or now_and()) + timedelta(seconds=1)
    # What asks for a mail leaves one in the outbox in its turn.
    while rows := waiting(now=at):
        assert all(deliver(message_id, now=at) for message_id in rows)
    return FIRST_LINK.search(str(mailoutbox[-1].body))[0]


def now_and(**later):
    return timezone.now() + timedelta(**later)
