"""Why is it not working? Each check fails in turn, by what people do; it is named, with the link that mends it."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.actions.registration import create_from_head_unit
from garage.actions.drivers import accept_driving, invite_driver
from garage.actions.profile import end_profile, link_profile
from garage.models import Membership
from garage.models.profile import Source
from subscriptions.actions.cancel import cancel
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.run import charging_run
from subscriptions.models import Package, PaymentCard, Service, Subscription
from tests import make
from tests.garage.reporting import privacy, state, take
from tests.subscriptions.incidents import incident

NOW = make.NOW
HOUR = timedelta(hours=1)
IN_THE_WAY = "This is in the way"


@dataclass
class World:
    """A car in which everything works, and whoever breaks it."""

    car: Membership
    package: Package
    running: Subscription
    gateway: object
    now: object = NOW

    @property
    def owner(self):
        return self.car.account


@pytest.fixture
def remote(market):
    """A package whose services need all that services can need."""
    made = make.package("remote", market=market, prices={"monthly": "6.90"})
    asks = {"uses_location": True, "uses_profile": True, "uses_charge": True}
    made.services.add(Service.objects.create(code="find-my-car", names={"en": "Find My Car"}, **asks))
    return made


@pytest.fixture
def world(owner, remote, gateway):
    car = make.active_car(owner, powertrain="plug_in_hybrid", now=NOW - make.days(60))
    make.card(owner, gateway=gateway, now=NOW - make.days(30))
    running = make.subscription(car, package=remote, term="monthly", gateway=gateway, now=NOW - make.days(20))
    link_profile(membership=car, source=Source.VEHICLE, now=NOW - make.days(20), by=None)
    off = privacy(car, False, at=NOW - make.days(20), source="app")
    take(off, state(car, at=NOW, charge_percent=80, odometer_km=make.ODOMETER_KM), now=NOW)
    return World(car=car, package=remote, running=running, gateway=gateway)


def page_of(account, name, *arguments, now=NOW):
    client = Client()
    client.force_login(account)
    with time_machine.travel(now, tick=False):
        return client.get(reverse(name, args=arguments))


def asked(world, *, account=None, link=None) -> str:
    link = link or world.car
    answer = page_of(account or link.account, "why_package", link.public_id, world.package.code, now=world.now)
    assert answer.status_code == 200
    return answer.text


def found(text: str) -> str:
    """The part that names what is in the way."""
    return text.split('aria-labelledby="found-title"')[1].split("</section>")[0]


# What breaks it, by what people and cars do


def cancelled_and_over(world):
    cancel(subscription=world.running, confirmed=None, now=NOW, by=world.owner)
    world.now = NOW + make.days(11)
    charging_run(market=world.owner.market, now=world.now, gateway=world.gateway)
    take(state(world.car, "late", at=world.now, charge_percent=80), now=world.now)


def declined(world):
    card = PaymentCard.objects.get(account=world.owner)
    world.gateway.set_behaviour(card_ref=card.card_ref, behaviour="insufficient_funds")
    world.now = NOW + make.days(11)
    charging_run(market=world.owner.market, now=world.now, gateway=world.gateway)
    take(state(world.car, "late", at=world.now, charge_percent=80), now=world.now)


def unlinked(world):
    profile = world.owner.multimedia_profiles.get()
    end_profile(profile=profile, source=Source.DECLARED, now=NOW, by=world.owner)


def in_privacy_mode(world):
    take(privacy(world.car, True, key="p2", at=NOW, source="car"), now=NOW)


def left_standing(world):
    world.now = NOW + make.days(9) + HOUR


def drained(world):
    take(state(world.car, "low", at=NOW + HOUR, charge_percent=19), now=NOW + HOUR)
    world.now = NOW + HOUR


def disturbed(world):
    incident(packages=[world.package], titles={"en": "The network is down"}, ends_at=NOW + HOUR)


def maintained(world):
    incident(kind="maintenance", services=world.package.services.all(), titles={"en": "New machines"})


@pytest.mark.parametrize(
    ("breaks", "check", "sentence", "link"),
    [
        (cancelled_and_over, "Activation", "It ended on 21 June 2026. You cancelled it.", "checkout_plan"),
        (declined, "Payment", "A charge was declined.", "payment"),
        (unlinked, "Multimedia profile", "Your profile was removed", "profile_in_car"),
        (in_privacy_mode, "Privacy Mode", "on since 10 June 2026, 12:00, switched in the car", "privacy_mode"),
        (left_standing, "Sleep", "for more than nine days", "vehicle_state"),
        (drained, "Drive battery", "It was at 19% when the car last told.", "vehicle_state"),
        (disturbed, "Incidents and maintenance", "The network is down. We mend it. Until 10 June 2026, 13:00.", None),
        (maintained, "Incidents and maintenance", "New machines. We mend it. How long it lasts is not known", None),
    ],
)
def test_the_check_that_fails_is_named_with_the_link_that_mends_it(world, breaks, check, sentence, link):
    breaks(world)
    named = found(asked(world))
    assert IN_THE_WAY in named
    assert f">{check}</h2>" in named
    assert sentence in named
    arguments = {
        "checkout_plan": [world.car.public_id, world.package.code],
        "payment": [world.running.public_id],
        None: [],
    }.get(link, [world.car.public_id])
    assert f'href="{reverse(link or "support_status", args=arguments)}' in named
    assert named.count("<a ") == 1


def test_where_everything_holds_it_says_so_and_leads_to_the_customer_centre(world):
    text = asked(world)
    assert "As far as we can see, it should work" in found(text)
    assert text.count("All right") == 11
    assert f"{reverse('case_new')}?why={world.car.public_id}" in text


def test_what_may_be_the_cause_is_said_where_nothing_fails(world):
    world.now = NOW + make.days(4)
    named = found(asked(world))
    assert "This may be the cause" in named
    assert "Last contact" in named
    assert "no network reaches it" in named


def test_S11_an_order_without_an_answer_is_being_activated(world, market, gateway):
    world.package = make.package("wifi", market=market, prices={"monthly": "5.00"})
    card = PaymentCard.objects.get(account=world.owner)
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="timeout_charged")
    pending = make.subscription(world.car, package=world.package, term="monthly", gateway=gateway)
    named = found(asked(world))
    assert "It is being activated" in named
    assert reverse("subscription", args=[pending.public_id]) in named


def test_C4_an_included_package_that_was_not_taken_up_leads_to_its_activation(world, market):
    world.package = make.package("care", market=market, complimentary_months={"default": 600})
    named = found(asked(world))
    assert "It is included with the car, and not activated yet." in named
    assert f"{reverse('services', args=[world.car.public_id])}#care" in named
    activate_complimentary(
        account=world.owner, vehicle=world.car.vehicle, package=world.package, now=NOW, by=world.owner
    )
    assert "should work" in found(asked(world))


def test_C2_a_package_that_the_car_cannot_have_says_what_is_missing(world, market):
    world.package = make.package("key", market=market, powertrains=["electric"])
    named = found(asked(world))
    assert ">Car and country</h2>" in named
    assert "It is made for another kind of drive" in named


def test_C2_a_service_that_does_not_work_on_this_car_is_named(world):
    world.package.services.add(
        Service.objects.create(code="climate", names={"en": "Climate"}, capabilities=["remote_climate"])
    )
    named = found(asked(world))
    assert "Climate: This car does not have the equipment that it needs." in named


def test_C2_what_is_not_sold_any_more_leads_to_what_is(world, market):
    world.package = Package.objects.create(code="old", names={"en": "Old"}, complimentary_months={"default": 1})
    named = found(asked(world))
    assert "It is not ordered for this car." in named
    assert f"{reverse('services', args=[world.car.public_id])}#old" in named


def test_C3_a_standard_package_costs_nothing_and_needs_nothing(world):
    world.package = Package.objects.create(code="calls", names={"en": "Calls"}, suite=Package.APP, is_standard=True)
    text = asked(world)
    assert "It is free, and came with accepting the Terms of Use." in text
    assert "should work" in found(text)


def test_D2_what_the_car_never_told_cannot_be_known(owner, remote, gateway):
    car = make.active_car(owner, powertrain="electric")
    make.card(owner, gateway=gateway)
    running = make.subscription(car, package=remote, term="monthly", gateway=gateway)
    text = asked(World(car=car, package=remote, running=running, gateway=gateway))
    assert text.count("Cannot be known") == 4
    assert "We do not know of one: is it linked?" in found(text)


def test_T3_a_car_that_nobody_charges_does_not_depend_on_its_battery(owner, remote):
    car = make.active_car(owner, powertrain="hybrid")
    text = asked(World(car=car, package=remote, running=None, gateway=None))
    assert "It does not depend on a battery that you charge." in text


def test_what_is_announced_is_said_and_is_in_nobodys_way(world):
    incident(kind="maintenance", titles={"en": "New machines"}, began_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    text = asked(world)
    assert "From 10 June 2026, 13:00: New machines." in text
    assert "should work" in found(text)


# A2: what the Terms have to do with it


@pytest.fixture
def paused(market, remote):
    """Created by an older car, services taken up; its fourteen days are over."""
    account = create_from_head_unit(
        email="driver@example.com", password=make.PASSWORD, generation="MM19", market=market, now=NOW
    )
    EmailAddress.objects.filter(user=account).update(verified=True)
    Package.objects.filter(pk=remote.pk).update(complimentary_months={"default": 36})
    car = make.active_car(account, multimedia="MM19", warranty_start=date(2025, 3, 15))
    remote.refresh_from_db()
    activate_complimentary(account=account, vehicle=car.vehicle, package=remote, now=NOW, by=account)
    return World(car=car, package=remote, running=Subscription.objects.get(), gateway=None, now=NOW + make.days(15))


def test_A2_terms_that_were_not_accepted_in_their_days_are_named(paused):
    named = found(asked(paused))
    assert ">Terms of Use</h2>" in named
    assert f'href="{reverse("terms_acceptance")}"' in named


def test_A2_while_the_days_count_nothing_is_in_the_way_of_the_terms(paused):
    paused.now = NOW
    text = asked(paused)
    assert "Accept them before they are over." in text
    assert IN_THE_WAY not in text


def test_A2_whoever_else_has_the_car_is_told_of_the_pause_too(paused, stranger):
    link = make.verified(stranger, paused.car.vehicle)
    assert "until the account that controls this car accepts" in found(asked(paused, link=link))


# G11: what others are told


@pytest.fixture
def others(world):
    """An invited driver, and one who has proved access."""
    driver, proved = (make.account(f"{name}@example.com", market=world.owner.market) for name in ("d", "p"))
    access = invite_driver(membership=world.car, email=driver.email, last_on=None, now=NOW, by=world.owner)
    return [accept_driving(access=access, now=NOW, by=driver), make.verified(proved, world.car.vehicle)]


def test_G3_whoever_does_not_control_the_car_is_told_that_another_account_does(world, others):
    for link in others:
        named = found(asked(world, link=link))
        assert ">Active account</h2>" in named
        assert f'href="{reverse("control", args=[link.public_id])}"' in named


def test_G11_others_learn_nothing_of_payment_privacy_mode_or_the_cars_state(world, others):
    declined(world)
    in_privacy_mode(world)
    own = asked(world)
    assert "A charge was declined." in own
    for link in others:
        text = asked(world, link=link)
        assert "It is activated for this car." in text
        assert "How it is paid for is shown to the account that controls the car." in text
        assert text.count("What the car reports is shown to the account that controls it.") == 4
        for secret in ("declined", "Pay now", "%", "switched", "€", world.owner.email):
            assert secret not in text.split("<main")[1]


def test_G11_a_car_that_nobody_controls_leads_to_taking_control(world, others):
    remove_vehicle(membership=world.car, confirmed=None, now=NOW, by=world.owner)
    named = found(asked(world, link=others[1]))
    assert "No account controls this car’s services." in named


@pytest.mark.parametrize("name", ["why", "why_package"])
def test_G11_who_has_not_proved_access_is_led_to_how_to(world, stranger, name):
    link = make.linked(stranger, world.car.vehicle)
    arguments = [link.public_id] if name == "why" else [link.public_id, world.package.code]
    answer = page_of(stranger, name, *arguments)
    assert (answer.status_code, answer["Location"]) == (302, reverse("control", args=[link.public_id]))


def test_law_11_a_package_that_there_is_not_is_not_found(world):
    assert page_of(world.owner, "why_package", world.car.public_id, "nothing").status_code == 404


# From where it is reached, and where it ends


def test_the_cars_page_of_it_names_what_is_in_the_way_of_each_package(world, market):
    in_privacy_mode(world)
    make.package("key", market=market, powertrains=["electric"])
    Package.objects.create(code="calls", names={"en": "Calls"}, suite=Package.APP, is_standard=True)
    text = page_of(world.owner, "why", world.car.public_id).text
    badges = [part.split("</span>")[0].split(">")[-1] for part in text.split('class="badge')[1:]]
    assert badges == ["Privacy Mode", "Car and country", "Nothing in the way"]
    assert text.count("badge tone--bad") == 1


def test_what_was_never_ordered_raises_no_alarm_in_the_list(world, market, owner):
    make.package("never", market=market)
    cancel(subscription=world.running, confirmed=None, now=NOW, by=owner)
    text = page_of(world.owner, "why", world.car.public_id).text
    assert "It is not ordered for this car." in text
    assert "badge tone--bad" not in text


@pytest.mark.parametrize(
    ("name", "arguments"), [("services", ["car"]), ("vehicle", ["car"]), ("subscription", ["running"])]
)
def test_it_is_reached_from_the_centre_the_car_and_the_subscription(world, name, arguments):
    text = page_of(world.owner, name, *[getattr(world, each).public_id for each in arguments]).text
    expected = ["why"] if name != "subscription" else ["why_package"]
    address = reverse(*expected, args=[world.car.public_id, *([] if expected == ["why"] else ["remote"])])
    assert f'href="{address}"' in text


def test_H5_the_message_to_the_customer_centre_says_what_was_found(world):
    in_privacy_mode(world)
    address = f"{reverse('case_new')}?why={world.car.public_id}&package=remote"
    client = Client()
    client.force_login(world.owner)
    with time_machine.travel(NOW, tick=False):
        text = client.get(address).text
    assert "Remote does not work, KAA001" in text
    assert "Privacy Mode: It is on since" in text


@pytest.mark.parametrize(
    "query", ["why=no-id&package=remote", "why={car}&package=nothing", "why={other}&package=remote"]
)
def test_H5_a_message_is_written_about_ones_own_car_only(world, stranger, query):
    other = make.active_car(stranger, 7)
    client = Client()
    client.force_login(world.owner)
    asked_for = query.format(car=world.car.public_id, other=other.public_id)
    assert client.get(f"{reverse('case_new')}?{asked_for}").status_code == 404


def test_G11_no_message_is_written_about_a_car_to_which_access_was_not_proved(world, stranger):
    link = make.linked(stranger, world.car.vehicle)
    client = Client()
    client.force_login(stranger)
    assert client.get(f"{reverse('case_new')}?why={link.public_id}&package=remote").status_code == 404
