"""Drivers of a car: invited, accepted, limited, ended by either side (G12)."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Notice
from garage.access import current_memberships
from garage.actions.drivers import (
    accept_driving,
    drivers_over,
    end_driver,
    end_driver_if_over,
    invite_driver,
    limit_driver,
)
from garage.models import AccessCheck, ControlTransfer, DriverAccess, Membership
from garage.rules.membership import Right, Standing
from portal.models import AuditRecord, OutboxMessage
from subscriptions.actions.control_run import control_run
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.offer_control import offer_control
from tests import make
from tests.refusing import refusal_code

NOW = make.NOW


@pytest.fixture
def driver(market):
    return make.account("driver@example.com", market=market, first_name="Maria")


def invite(car: Membership, email: str = "driver@example.com", *, last_on: date | None = None, now=NOW) -> DriverAccess:
    return invite_driver(membership=car, email=email, last_on=last_on, now=now, by=car.account)


@pytest.fixture
def driving(car, driver):
    return accept_driving(access=invite(car), now=NOW, by=driver)


def told(account, kind="driver_access") -> list[str]:
    return [row.facts["change"] for row in Notice.objects.filter(account=account, kind=kind).order_by("pk")]


def test_G12_a_driver_is_verified_without_an_odometer_test(driving, driver, car):
    assert driving.standing is Standing.INVITED
    assert (driving.may(Right.SERVICE_HISTORY), driving.may(Right.CONTROL)) == (True, False)
    assert not AccessCheck.objects.filter(account=driver).exists()
    assert told(driver) == told(car.account) == ["begun"]


def test_G12_the_mail_is_the_same_for_addresses_that_are_known_and_that_are_not(car, driver):
    invite(car, "driver@example.com")
    invite(car, "nobody@example.com")
    mails = OutboxMessage.objects.filter(handler="mail").order_by("pk")
    ids = DriverAccess.objects.order_by("pk").values_list("public_id", flat=True)
    texts = [mail.payload["text"].replace(str(own), "") for mail, own in zip(mails, ids, strict=True)]
    assert texts[0] == texts[1]


def test_G12_an_invitation_can_be_accepted_once(car, driver):
    access = invite(car)
    accept_driving(access=access, now=NOW, by=driver)
    assert refusal_code(lambda: accept_driving(access=access, now=NOW, by=driver)) == "invitation_over"


def test_G12_an_invitation_is_good_for_seven_days(car, driver):
    access = invite(car)
    assert refusal_code(lambda: accept_driving(access=access, now=NOW + make.days(7), by=driver)) == "invitation_over"
    accept_driving(access=access, now=NOW + make.days(6), by=driver)


def test_G12_only_the_confirmed_address_that_was_invited_accepts(car, driver, stranger):
    access = invite(car)
    assert refusal_code(lambda: accept_driving(access=access, now=NOW, by=stranger)) == "invitation_over"
    driver.emailaddress_set.update(verified=False)
    assert refusal_code(lambda: accept_driving(access=access, now=NOW, by=driver)) == "invitation_over"


def test_G12_inviting_again_sends_a_new_link_and_the_old_one_is_over(car, driver):
    old = invite(car)
    new = invite(car)
    assert refusal_code(lambda: accept_driving(access=old, now=NOW, by=driver)) == "invitation_over"
    accept_driving(access=new, now=NOW, by=driver)


def test_G12_an_invitation_that_has_expired_takes_no_place(car):
    for number in range(10):
        invite(car, f"driver{number}@example.com", now=NOW - make.days(7))
    assert invite(car, "eleventh@example.com").driver is None


def test_G12_a_driver_proves_access_on_the_page_to_ask_for_control(page, car, driving, driver):
    page.force_login(driver)
    address = reverse("prove_access", args=[driving.public_id])
    assert b"Compare the reading" in page.get(address).content
    page.post(address, {"reading": make.ODOMETER_KM})
    driving.refresh_from_db()
    assert (driving.is_verified, driving.is_active) == (True, False)


@pytest.mark.parametrize(
    ("email", "code"), [("OWNER@example.com", "driver_oneself"), ("driver@example.com", "driver_there_already")]
)
def test_G12_nobody_is_invited_who_is_there_already(car, driving, email, code):
    assert refusal_code(lambda: invite(car, email)) == code


def test_G12_a_car_has_ten_drivers_at_most(car):
    for number in range(10):
        invite(car, f"driver{number}@example.com", now=NOW - make.days(2))
    assert refusal_code(lambda: invite(car, "eleventh@example.com")) == "drivers_too_many"


def test_G12_so_many_invitations_leave_an_account_in_a_day(car):
    for number in range(10):
        access = invite(car, f"driver{number}@example.com")
        end_driver(access=access, now=NOW, by=car.account)
    assert refusal_code(lambda: invite(car, "eleventh@example.com")) == "too_many"
    assert invite(car, "eleventh@example.com", now=NOW + make.days(1))


def test_G12_an_address_is_sent_three_invitations_a_day(car):
    for _ in range(3):
        invite(car, "nobody@example.com")
    assert refusal_code(lambda: invite(car, "nobody@example.com")) == "too_many"


def test_G12_whoever_has_lost_control_invites_nobody(car, driver):
    access = invite(car)
    remove_vehicle(membership=car, confirmed=None, now=NOW, by=car.account)
    assert refusal_code(lambda: invite(car)) == "not_active"
    assert refusal_code(lambda: accept_driving(access=access, now=NOW, by=driver)) == "invitation_over"


def test_G1_a_driven_car_counts_to_the_ten(car, driver):
    for number in range(20, 30):
        make.linked(driver, make.registry_entry(number))
    access = invite(car)
    assert refusal_code(lambda: accept_driving(access=access, now=NOW, by=driver)) == "garage_full"
    access.refresh_from_db()
    assert access.driver is None


def test_G12_a_link_that_was_there_becomes_a_drivers(car, driver):
    before = make.linked(driver, car.vehicle)
    assert accept_driving(access=invite(car), now=NOW, by=driver).pk == before.pk


def test_G12_ended_by_the_active_account_the_car_leaves_the_garage_and_both_are_told(car, driving, driver):
    end_driver(access=DriverAccess.objects.get(), now=NOW, by=car.account)
    end_driver(access=DriverAccess.objects.get(), now=NOW, by=car.account)
    assert not current_memberships(driver).exists()
    assert told(driver) == told(car.account) == ["begun", "ended"]
    assert AuditRecord.objects.filter(what="driver ended", account=driver).count() == 1


def test_G12_one_who_has_proved_access_stays_linked_by_that(car, driver):
    link = make.verified(driver, car.vehicle)
    accept_driving(access=invite(car), now=NOW, by=driver)
    end_driver(access=DriverAccess.objects.get(), now=NOW, by=car.account)
    link.refresh_from_db()
    assert (link.ended_at, link.standing) == (None, Standing.VERIFIED)


def test_G12_nobody_but_the_account_that_invited_ends_or_limits_a_driver(car, driving, stranger):
    end_driver(access=DriverAccess.objects.get(), now=NOW, by=stranger)
    assert DriverAccess.objects.get().ended_at is None
    limit = {"access": DriverAccess.objects.get(), "last_on": None, "now": NOW}
    assert refusal_code(lambda: limit_driver(**limit, by=stranger)) == "driver_over"


def test_G12_a_driver_leaves_alone_and_the_active_account_is_told(car, driving, driver):
    remove_vehicle(membership=driving, confirmed=None, now=NOW, by=driver)
    assert DriverAccess.objects.get().ended_at == NOW
    assert told(car.account) == ["begun", "left"]
    car.refresh_from_db()
    assert car.is_active


def test_G12_a_driver_of_a_limited_time_is_out_on_the_day_after_without_any_job(car, driver):
    last_on = date(2026, 6, 12)
    accept_driving(access=invite(car, last_on=last_on), now=NOW, by=driver)
    # Nicosia is three hours ahead in June.
    with time_machine.travel("2026-06-12T20:59:00Z", tick=False):
        assert current_memberships(driver).exists()
    with time_machine.travel("2026-06-12T21:00:00Z", tick=False):
        assert not current_memberships(driver).exists()


def test_G12_the_job_ends_who_is_over_once_and_tells(car, driver):
    accept_driving(access=invite(car, last_on=date(2026, 6, 12)), now=NOW, by=driver)
    over = NOW + make.days(3)
    control_run(now=NOW)
    assert DriverAccess.objects.get().ended_at is None
    control_run(now=over)
    control_run(now=over)
    assert told(driver) == ["begun", "over"]
    assert drivers_over(now=over) == []
    assert not end_driver_if_over(access_id=DriverAccess.objects.get().pk, now=over)


def test_G12_the_last_day_is_changed_and_told_once_a_change(car, driving, driver):
    access = DriverAccess.objects.get()
    for last_on in (date(2026, 7, 1), date(2026, 7, 1), None):
        limit_driver(access=access, last_on=last_on, now=NOW, by=car.account)
    assert told(driver) == ["begun", "limited", "limited"]
    driving.refresh_from_db()
    assert driving.driver_until is None


def test_G12_a_last_day_that_is_over_is_refused(car, driving):
    yesterday = date(2026, 6, 9)
    assert refusal_code(lambda: invite(car, "other@example.com", last_on=yesterday)) == "last_day_over"
    limit = {"access": DriverAccess.objects.get(), "last_on": yesterday, "now": NOW, "by": car.account}
    assert refusal_code(lambda: limit_driver(**limit)) == "last_day_over"


def test_G12_an_invitation_whose_last_day_is_over_is_over(car, driver):
    access = invite(car, last_on=date(2026, 6, 11))
    late = NOW + make.days(3)
    assert refusal_code(lambda: accept_driving(access=access, now=late, by=driver)) == "invitation_over"


# Pages


@pytest.fixture
def page(client, car):
    with time_machine.travel(NOW, tick=False):
        client.force_login(car.account)
        yield client


def test_G12_the_page_invites_limits_and_ends(page, car, driver):
    address = reverse("drivers", args=[car.public_id])
    said = page.post(address, {"email": "driver@example.com", "last_on": ""}, follow=True)
    assert b"on its way to driver@example.com" in said.content
    accept_driving(access=DriverAccess.objects.get(), now=NOW, by=driver)
    one = reverse("driver", args=[DriverAccess.objects.get().public_id])
    assert page.post(one, {"last_on": "2026-07-01"}).status_code == 302
    assert b"Last day: 1 July 2026" in page.get(address).content
    assert b"This day is over" in page.post(one, {"last_on": "2026-01-01"}).content
    page.post(reverse("driver_end", args=[DriverAccess.objects.get().public_id]))
    assert b"driver@example.com" in page.get(address).content
    assert b"driver@example.com" not in page.get(address).content


def test_G12_a_refusal_stands_beside_its_field(page, car):
    answer = page.post(reverse("drivers", args=[car.public_id]), {"email": car.account.email, "last_on": ""})
    assert answer.context["form"].errors["email"] == ["This is your own address."]


def test_G12_the_page_of_the_invited_one(client, car, driver):
    access = invite(car)
    client.force_login(driver)
    with time_machine.travel(NOW, tick=False):
        address = reverse("driver_invitation", args=[access.public_id])
        assert b"Eleni Georgiou invites you" in client.get(address).content
        answer = client.post(address)
        assert answer["Location"] == reverse("vehicle", args=[Membership.objects.get(account=driver).public_id])
        assert client.get(address).status_code == 404
        assert b"You are an invited driver" in client.get(answer["Location"]).content


def test_G12_an_invitation_that_is_over_says_so(client, car, driver):
    access = invite(car)
    client.force_login(driver)
    with time_machine.travel(NOW + make.days(8), tick=False):
        assert b"This invitation is over" in client.get(reverse("driver_invitation", args=[access.public_id])).content


@pytest.mark.parametrize("name", ["drivers", "reach"])
def test_G11_pages_of_sharing_lead_others_to_where_they_stand(client, driving, driver, name):
    client.force_login(driver)
    with time_machine.travel(NOW, tick=False):
        answer = client.get(reverse(name, args=[driving.public_id]))
    assert answer["Location"] == reverse("control", args=[driving.public_id])


def test_G12_V4_what_an_account_is_asked_stands_in_its_garage_as_long_as_it_stands(client, car, driver, stranger):
    invited = invite(car)
    offer_control(membership=car, email=driver.email, confirmed=None, now=NOW, by=car.account)
    ways = [
        reverse("driver_invitation", args=[invited.public_id]),
        reverse("control_offered", args=[ControlTransfer.objects.get().public_id]),
    ]

    def shown(account, now):
        client.force_login(account)
        with time_machine.travel(now, tick=False):
            text = client.get(reverse("garage")).text
        return [way in text for way in ways]

    assert shown(driver, NOW) == [True, True]
    assert shown(stranger, NOW) == shown(car.account, NOW) == [False, False]
    assert shown(driver, NOW + make.days(7)) == [False, False]
