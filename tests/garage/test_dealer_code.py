"""A code that the customer shows to its dealer, and the ten minutes that it opens (K1)."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Account, Notice
from garage.actions.dealer_code import (
    end_dealer_access,
    held_access,
    issue_dealer_code,
    note_identity,
    open_dealer_access,
)
from garage.actions.leave import end_membership
from garage.forms.dealer import DealerCodeForm, IdentityForm, TradeInForm
from garage.models import DealerAccess, DealerCode, WorkshopStaff
from garage.rules.dealer_desk import CODES_AN_HOUR, TRIES_AN_HOUR, Paper
from portal.models import AuditRecord
from portal.roles import load_roles
from tests import make
from tests.refusing import refused

NOW = make.NOW
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(market):
    return make.workshop(market)


@pytest.fixture
def mechanic(market, shop):
    load_roles()
    made = Account.objects.create_user(
        "dealer@staff.example.com", make.PASSWORD, market=market, is_staff=True, first_name="Anna", last_name="Panou"
    )
    made.groups.add(Group.objects.get(name="dealer"))
    WorkshopStaff.objects.create(account=made, workshop=shop)
    return made


def shown(car, now=NOW):
    return issue_dealer_code(membership=car, now=now, by=car.account).code


def opened(car, by, now=NOW):
    return open_dealer_access(code=shown(car, now), now=now, by=by)


def test_K1_the_code_opens_the_car_once_for_ten_minutes_and_the_customer_is_told(car, mechanic):
    code = shown(car)
    access = open_dealer_access(code=code.lower().replace("-", " "), now=NOW + 9 * MINUTE, by=mechanic)
    assert (access.membership, access.until) == (car, NOW + 19 * MINUTE)
    assert access.holds(NOW + 19 * MINUTE - timedelta(seconds=1))
    assert not access.holds(NOW + 19 * MINUTE)
    assert Notice.objects.get(kind="dealer_acted").account == car.account
    assert AuditRecord.objects.get(what="dealer access begun").by == mechanic
    with refused("code_unknown"):
        open_dealer_access(code=code, now=NOW + 9 * MINUTE, by=mechanic)


def test_K1_a_code_that_is_old_replaced_or_of_a_car_that_left_opens_nothing(car, mechanic):
    first = shown(car)
    second = shown(car)
    with refused("code_unknown"):
        open_dealer_access(code=first, now=NOW, by=mechanic)
    with refused("code_unknown"):
        open_dealer_access(code=second, now=NOW + 10 * MINUTE, by=mechanic)
    third = shown(car)
    end_membership(car, now=NOW, by=car.account)
    with refused("code_unknown"):
        open_dealer_access(code=third, now=NOW, by=mechanic)
    with refused("no_vehicle"):
        shown(car)
    assert not DealerAccess.objects.exists()
    assert first.replace("-", "") not in DealerCode.objects.first().digest


def test_K1_only_staff_of_a_dealer_open_a_car_and_not_their_own(car, stranger, mechanic):
    with refused("not_at_a_dealer"):
        open_dealer_access(code=shown(car), now=NOW, by=stranger)
    own = make.active_car(mechanic, 7)
    with refused("own_car"):
        open_dealer_access(code=shown(own), now=NOW, by=mechanic)


def test_K1_codes_and_tries_are_limited(car, mechanic):
    for _code in range(CODES_AN_HOUR):
        shown(car)
    with refused("too_many"):
        shown(car)
    for _try in range(TRIES_AN_HOUR):
        with refused("code_unknown"):
            open_dealer_access(code="22222222", now=NOW, by=mechanic)
    with refused("too_many"):
        open_dealer_access(code="22222222", now=NOW, by=mechanic)


def test_K1_nothing_is_done_after_the_time_the_end_or_the_place_at_the_dealer(car, mechanic):
    access = opened(car, mechanic)
    with refused("identity_not_seen"):
        held_access(access, now=NOW, by=mechanic, is_identity_seen=True)
    note_identity(access=access, paper=Paper.PASSPORT, note="Came with the car.", now=NOW, by=mechanic)
    assert held_access(access, now=NOW, by=mechanic, is_identity_seen=True).paper == "passport"
    for now, by in ((NOW + 10 * MINUTE, mechanic), (NOW, car.account)):
        with refused("access_over"):
            held_access(access, now=now, by=by)
    WorkshopStaff.objects.filter(account=mechanic).delete()
    with refused("access_over"):
        held_access(access, now=NOW, by=mechanic)
    end_dealer_access(access=access, now=NOW + MINUTE, by=car.account)
    end_dealer_access(access=access, now=NOW + 2 * MINUTE, by=car.account)
    assert AuditRecord.objects.filter(what="dealer access ended").count() == 1


def test_K1_the_database_knows_no_access_of_more_than_ten_minutes(car, mechanic):
    access = opened(car, mechanic)
    for values in ({"until": NOW + 11 * MINUTE}, {"paper": "passport"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DealerAccess.objects.filter(pk=access.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        DealerCode.objects.update(expires_at=NOW + 11 * MINUTE)


@time_machine.travel(NOW, tick=False)
def test_K1_the_customer_shows_a_code_and_ends_the_access_on_its_page(client, car, mechanic):
    client.force_login(car.account)
    page = reverse("dealer_code", args=[car.public_id])
    assert "hero__value" not in client.get(page).content.decode()
    answer = client.post(page)
    code = answer.context["issued"].code
    assert code in answer.content.decode()
    access = open_dealer_access(code=code, now=NOW, by=mechanic)
    assert "Sample Motors Nicosia" in client.get(page).content.decode()
    assert client.post(reverse("dealer_access_end", args=[access.public_id])).status_code == 302
    assert "Sample Motors Nicosia" not in client.get(page).content.decode()
    for _code in range(CODES_AN_HOUR):
        answer = client.post(page)
    assert answer.status_code == 429


def test_V3_no_number_of_a_paper_is_taken_and_every_box_is_asked_for():
    boxes = {"is_same_person": "on", "has_car_papers": "on", "has_key": "on"}
    good = {"paper": "passport", "note": "Seen at the desk, on 3 June 2026.", **boxes}
    assert IdentityForm(good).is_valid()
    for wrong in ({"note": "Passport K0012345"}, {"has_key": ""}, {"paper": "letter"}):
        assert not IdentityForm(good | wrong).is_valid()
    assert DealerCodeForm({"code": "4f7k 9xrt"}).is_valid()
    assert not DealerCodeForm({"code": "4F7K"}).is_valid()
    assert not TradeInForm({"vin": "SHORT", "reference": "A-1", "is_owner_known": "on"}).is_valid()
