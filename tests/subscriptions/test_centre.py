"""The Connected Services Centre: each package in its state, with dates, prices and the one next action (C1, C2, C4)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from subscriptions.actions.cancel import cancel, cancellation_quote
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.models import Service
from tests import make

FREE = {"complimentary_months": {"default": 48}}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def page(client):
    def shown(link, account=None) -> str:
        client.force_login(account or link.account)
        return client.get(reverse("services", args=[link.public_id])).content.decode()

    return shown


@pytest.fixture
def card_of(page):
    """The words of a package's card."""

    def shown(link, package) -> str:
        text = page(link)
        text = text[text.index(f'id="{package.code}"') :]
        return " ".join(strip_tags(text[text.index(">") + 1 : text.index("</article>")]).split())

    return shown


@pytest.fixture
def free_car(owner):
    """Its warranty began on 10 March 2024: 27 of 48 months are over on 10 June 2026."""
    return make.active_car(owner, 7, warranty_start=date(2024, 3, 10))


def test_C1_what_can_be_ordered_has_each_term_with_total_and_per_month(card_of, car, navigation):
    shown = card_of(car, navigation)
    assert shown.startswith("Navigation Available")
    assert "Monthly €9.90 €9.90 Yearly €99.00 €8.25 Four-yearly €299.00 €6.23" in shown
    assert shown.endswith("VAT included. The first month is free. Choose a plan")


def test_C2_what_the_car_cannot_have_says_every_reason_and_no_price(card_of, car, market):
    package = make.package("other", market=market, powertrains=["electric"], car_models=["RZ 450e"])
    shown = card_of(car, package)
    assert "Not for this car" in shown
    assert "It is not made for this model." in shown
    assert "It is made for another kind of drive than this car&#x27;s." in shown
    assert "€" not in shown


def test_C4_what_is_included_shows_how_much_has_passed_until_when_and_what_it_counts_from(card_of, free_car, market):
    shown = card_of(free_car, make.package("remote", market=market, **FREE))
    assert "Included with the car until 10 March 2028, whenever you activate it." in shown
    assert "27 of 48 free months have passed." in shown
    assert "Counted from: Warranty start, 10 March 2024." in shown
    assert "Price after the free years" in shown
    assert "Yearly €99.00 €8.25" in shown
    assert shown.endswith("Activate")


def test_C4_before_the_free_years_begin_it_says_from_when_and_neither_activates_nor_sells(card_of, page, owner, market):
    car = make.active_car(owner, 7, warranty_start=date(2026, 6, 20))
    package = make.package("remote", market=market, **FREE)
    shown = card_of(car, package)
    assert shown.startswith("Remote Included later")
    assert "Included with the car from 20 June 2026 until 20 June 2030. You can activate it" in shown
    assert "Price after the free years" in shown
    text = page(car)
    assert reverse("activation", args=[car.public_id, "remote"]) not in text
    assert reverse("checkout_plan", args=[car.public_id, "remote"]) not in text


def test_C4_once_taken_up_it_still_does(card_of, free_car, market, owner, now):
    package = make.package("remote", market=market, **FREE)
    activate_complimentary(account=owner, vehicle=free_car.vehicle, package=package, now=now, by=owner)
    shown = card_of(free_car, package)
    assert shown.startswith("Remote Complimentary")
    assert "27 of 48 free months have passed." in shown
    assert shown.endswith("View the subscription")


def test_C1_free_years_that_are_over_are_expired_with_the_plans_that_follow(card_of, car, market):
    package = make.package("remote", market=market, complimentary_months={"default": 36})
    shown = card_of(car, package)
    assert shown.startswith("Remote Expired")
    assert "Its complimentary period ended on 15 March 2021." in shown
    assert shown.endswith("Choose a plan")
    package.plans.update(is_offered=False)
    assert card_of(car, package).endswith("Its complimentary period ended on 15 March 2021. It is not sold after that.")


def test_C1_what_was_had_is_expired_from_its_end_on_even_before_the_run(card_of, car, card, navigation, gateway, now):
    subscription = make.subscription(car, package=navigation, gateway=gateway)
    cancel(subscription=subscription, confirmed=cancellation_quote(subscription, now=now), now=now, by=car.account)
    assert card_of(car, navigation).startswith("Navigation Ending")
    with time_machine.travel(make.NOW + timedelta(days=31), tick=False):
        shown = card_of(car, navigation)
    assert shown.startswith("Navigation Expired")
    assert "It ended on 10 July 2026." in shown


def test_C1_what_is_paid_shows_its_own_price_and_not_the_catalogues(card_of, car, card, digital_key, gateway):
    make.subscription(car, package=digital_key, gateway=gateway)
    digital_key.plans.update(price="99.00")
    shown = card_of(car, digital_key)
    assert "Price of your plan" in shown
    assert "Yearly €60.00 €5.00" in shown
    assert "€99.00" not in shown


def test_S12_an_addition_leads_to_its_base_until_that_runs(card_of, car, card, market, navigation, gateway):
    add_on = make.package("more", market=market, base=navigation)
    assert card_of(car, add_on).endswith("It is an addition to Navigation, which has to be running first. Navigation")
    make.subscription(car, package=navigation, gateway=gateway)
    assert card_of(car, add_on).endswith("Choose a plan")


def test_C8_a_package_may_be_sold_in_the_app_alone(card_of, client, car, navigation):
    navigation.channels = ["app"]
    navigation.save(update_fields=["channels"])
    assert card_of(car, navigation).endswith("In your country this is bought in the app Sample Link.")
    answer = client.get(reverse("checkout_plan", args=[car.public_id, navigation.code]))
    assert answer.status_code == 302
    assert "bought in the app" in client.get(reverse("prices")).content.decode()


def test_C1_each_service_says_what_it_needs(card_of, client, car, navigation):
    needs = {"uses_location": True, "uses_profile": True, "capabilities": ["navigation"]}
    Service.objects.filter(packages=navigation).update(**needs)
    sentence = "Needs: Connected navigation, your profile on the car’s screen, Privacy Mode off."
    assert sentence in card_of(car, navigation)
    assert sentence in client.get(reverse("prices")).content.decode()


def test_C1_each_suite_names_its_missing_step_and_the_page_the_active_account(page, free_car, market, stranger):
    make.package("remote", market=market, suite="app", **FREE)
    make.package("navigation", market=market)
    shown = page(free_car)
    assert "1 package comes with the car and is not activated yet." in shown
    assert "Link your profile to the car’s screen" in shown
    assert "Your account is the active one" in shown
    other = make.verified(stranger, free_car.vehicle)
    assert "Another account controls this car’s services" in page(other, stranger)
    assert "not activated yet" not in page(other, stranger)
