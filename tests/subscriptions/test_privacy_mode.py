"""Privacy Mode is shown with source and time and with what it limits; it is switched elsewhere (D2, C2)."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from garage.models import RegistryEntry
from subscriptions.actions.leave import remove_vehicle
from subscriptions.models import Service
from tests import make
from tests.garage.reporting import privacy, take
from tests.subscriptions.incidents import incident

NOW = make.NOW


@pytest.fixture
def remote(market):
    made = make.package("remote", market=market, prices={"monthly": "6.90"})
    made.services.add(Service.objects.create(code="find-my-car", names={"en": "Find My Car"}, uses_location=True))
    return made


@pytest.fixture
def running(car, card, remote, navigation, gateway):
    for package in (remote, navigation):
        make.subscription(car, package=package, term="monthly", gateway=gateway)
    return car


def page(account, name, *arguments) -> str:
    client = Client()
    client.force_login(account)
    with time_machine.travel(NOW, tick=False):
        answer = client.get(reverse(name, args=arguments))
    return answer.text if answer.status_code == 200 else answer["Location"]


def privacy_page(car) -> str:
    return page(car.account, "privacy_mode", car.public_id)


def switch(car, is_on=True, *, source="car", at=NOW, key="p1"):
    take(privacy(car, is_on, source=source, at=at, key=key), now=NOW)


@pytest.mark.parametrize(("source", "words"), [("car", "switched in the car"), ("app", "switched in the app")])
def test_D2_the_state_is_shown_with_its_source_and_time(running, source, words):
    switch(running, source=source)
    text = privacy_page(running)
    assert "<span>On</span>" in text
    assert f"Since 10 June 2026, 12:00, {words}." in text


def test_D2_the_last_switch_counts_whatever_order_the_reports_came_in(running):
    switch(running, False, key="new")
    switch(running, True, key="late", at=NOW - make.days(1))
    assert "<span>Off</span>" in privacy_page(running)


def test_D2_what_the_car_never_told_is_not_known(running):
    text = privacy_page(running)
    assert "Not known" in text
    assert "What it would limit in this car" in text


def test_D4_a_switch_in_anothers_time_is_shown_without_its_moment(running, stranger, remote, gateway):
    switch(running, at=NOW)
    later = NOW + make.days(1)
    remove_vehicle(membership=running, confirmed=None, now=later, by=running.account)
    RegistryEntry.objects.update(odometer_at=later)
    link = make.verified(stranger, running.vehicle, now=later)
    make.card(stranger, gateway=gateway, now=later)
    make.subscription(link, package=remote, term="monthly", gateway=gateway, now=later)
    texts = [page(stranger, name, link.public_id) for name in ("privacy_mode", "services", "why")]
    texts.append(page(stranger, "why_package", link.public_id, "remote"))
    assert "Since before you had control of this car, switched in the car." in texts[0]
    assert "Privacy Mode is on. It limits: Find My Car." in " ".join(texts[1].split())
    assert all("It is on, switched in the car. It limits: Find My Car." in text for text in texts[2:])
    assert not [text for text in texts if "10 June 2026, 12:00" in text]


def test_D2_it_names_everything_that_is_limited_and_says_where_it_is_switched(running):
    switch(running)
    text = privacy_page(running)
    for words in ("Find My Car", "Driving analytics, hybrid and EV coaching", "Full-hybrid and usage-based insurance"):
        assert words in text
    assert "It cannot be switched here." in text
    assert "<form" not in text.split("<main")[1].split("</main>")[0]


def test_D2_of_this_car_only_what_runs_and_needs_its_location_is_named(running, market):
    other = make.package("other", market=market)
    other.services.add(Service.objects.get(code="find-my-car"))
    switch(running)
    text = privacy_page(running).split("Limited in this car now")[1].split("</section>")[0]
    assert reverse("why_package", args=[running.public_id, "remote"]) in text
    assert "Navigation" not in text
    assert "Other" not in text


def test_D2_a_car_without_such_services_is_told_so(car):
    assert "None of the packages that run in this car needs its location." in privacy_page(car)


def test_C2_the_centre_says_when_privacy_mode_limits_a_package(running):
    def of(package: str) -> str:
        text = page(running.account, "services", running.public_id)
        return text.split(f'id="{package}"')[1].split("</article>")[0]

    assert "Privacy Mode is on" not in of("remote")
    switch(running)
    assert "Privacy Mode is on since 10 June 2026, 12:00. It limits: Find My Car." in of("remote")
    assert reverse("privacy_mode", args=[running.public_id]) in of("remote")
    assert "Privacy Mode is on" not in of("navigation")
    switch(running, False, key="p2", at=NOW)
    assert "It limits" not in of("remote")


@pytest.mark.parametrize("link_to", [make.linked, make.verified])
def test_G11_only_the_active_account_sees_it(running, stranger, link_to):
    switch(running)
    link = link_to(stranger, running.vehicle)
    assert page(stranger, "privacy_mode", link.public_id) == reverse("control", args=[link.public_id])
    assert "Privacy Mode is on" not in page(stranger, "services", link.public_id)


@pytest.mark.parametrize(("kind", "badge"), [("incident", "Disturbed"), ("maintenance", "In maintenance")])
def test_C1_the_centre_says_what_is_in_maintenance_or_disturbed(running, remote, kind, badge):
    incident(kind=kind, packages=[remote])
    text = page(running.account, "services", running.public_id)
    assert text.count(badge) == 1
    assert "Nothing works. We mend it. How long it lasts is not known yet." in text


def test_C1_what_is_announced_is_said_beside_the_state_of_the_package(running, remote):
    incident(kind="maintenance", packages=[remote], began_at=NOW + make.days(2))
    text = page(running.account, "services", running.public_id)
    assert "From 12 June 2026, 12:00: Nothing works." in text
    assert "In maintenance" not in text


def test_C2_of_a_package_that_the_car_cannot_have_nothing_more_is_said(car, market):
    unfit = make.package("unfit", market=market, powertrains=["electric"])
    incident(packages=[unfit])
    assert "Disturbed" not in page(car.account, "services", car.public_id)
