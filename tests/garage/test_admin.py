import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account, Notice
from garage.actions.profile import link_profile
from garage.models import AccessCheck, AccessUnblocking, Membership, MultimediaProfile, RegistryEntry, Vehicle
from garage.models.profile import Source
from portal.models import AuditRecord
from portal.refusals import Refusal
from portal.roles import load_roles
from tests import make
from tests.garage.cars import KM, NOW, add, make_account, prove, vin
from tests.selling import code_of, left, taken
from tests.staff import sign_in_at_the_desk

LISTS = [
    "admin:garage_vehicle_changelist",
    "admin:garage_registryentry_changelist",
    "admin:garage_accesscheck_changelist",
]


@pytest.fixture
def desk(client, cyprus):
    staff = Account.objects.create_superuser("staff@example.com", make.PASSWORD, market=cyprus)
    return sign_in_at_the_desk(client, staff)


def guess_wrong(account, number):
    with pytest.raises(Refusal):
        prove(add(account, number), 1)


@pytest.mark.parametrize("term", ["jtj-sample cy900001", "kaa 001", "anna@example.com"])
def test_a_car_is_found_by_vin_plate_or_account(desk, anna, petros, term):
    add(anna, 1)
    add(petros, 2)
    text = desk.get(reverse(LISTS[0]), {"q": term}).content.decode()
    assert vin(1) in text
    assert vin(2) not in text


def test_a_cars_page_names_its_accounts_and_their_tries_and_changes_nothing(desk, anna):
    guess_wrong(anna, 1)
    url = reverse("admin:garage_vehicle_change", args=[Vehicle.objects.get().pk])
    text = desk.get(url).content.decode()
    assert "anna@example.com" in text
    assert 'name="_save"' not in text
    assert desk.post(url, {"vin": vin(2)}).status_code == 403


def test_staff_cannot_read_the_odometer(desk, anna):
    add(anna, 1)
    entry = RegistryEntry.objects.get()
    pages = [LISTS[1], "admin:garage_registryentry_change"]
    for name, args in zip(pages, ([], [entry.pk]), strict=True):
        text = desk.get(reverse(name, args=args)).content.decode()
        assert vin(1) in text
        assert str(KM) not in text


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_ten_costs_as_many_queries_as_one_of_one(desk, cyprus, name, django_assert_num_queries):
    guess_wrong(make_account("owner0@example.com", cyprus), 0)
    desk.get(reverse(name))
    with CaptureQueriesContext(connection) as with_one:
        desk.get(reverse(name))
    for number in range(1, 10):
        guess_wrong(make_account(f"owner{number}@example.com", cyprus), number)
    assert AccessCheck.objects.count() == 10
    with django_assert_num_queries(len(with_one)):
        desk.get(reverse(name))


@pytest.fixture
def blocked(anna):
    for km in (1, 2, 3):
        with pytest.raises(Refusal):
            prove(Membership.objects.filter(account=anna).first() or add(anna, 1), km)
    return AccessCheck.objects.get()


def unblocking(check):
    return reverse("admin:garage_accesscheck_unblocking", args=[check.pk])


CHECKED = {"identity_checked_by": "M. Markou, Nicosia", "note": "Identity card and registration document seen."}


def test_V3_staff_unblock_with_who_checked_the_identity_and_a_note_and_the_customer_is_told(desk, anna, blocked):
    assert "three tries" in desk.get(unblocking(blocked)).content.decode()
    answer = desk.post(unblocking(blocked), CHECKED, follow=True)
    assert "unblocked for this account" in answer.content.decode()
    assert "M. Markou, Nicosia" in answer.content.decode()
    blocked.refresh_from_db()
    assert (blocked.wrong_tries, blocked.blocked_at) == (0, None)
    record = AuditRecord.objects.get(what="access_unblocked")
    assert (record.account, record.by.email, record.data["reason"]) == (anna, "staff@example.com", CHECKED["note"])
    assert Notice.objects.get(kind="access_unblocked").account == anna


def test_V3_after_unblocking_there_are_three_tries_and_access_is_not_proved(desk, anna, blocked):
    desk.post(unblocking(blocked), CHECKED)
    membership = Membership.objects.get(account=anna)
    assert not membership.is_verified
    for km in (1, 2):
        with pytest.raises(Refusal, match="more tr"):
            prove(membership, km)
    assert prove(membership, KM).is_active


@pytest.mark.parametrize("missing", ["identity_checked_by", "note"])
def test_V3_nobody_unblocks_without_saying_who_checked_and_why(desk, blocked, missing):
    assert desk.post(unblocking(blocked), CHECKED | {missing: " "}).status_code == 200
    blocked.refresh_from_db()
    assert blocked.blocked_at


def test_a_car_that_is_not_blocked_cannot_be_unblocked(desk, anna, blocked):
    desk.post(unblocking(blocked), CHECKED)
    answer = desk.post(unblocking(blocked), CHECKED, follow=True)
    assert "not blocked" in answer.content.decode()
    assert AccessUnblocking.objects.count() == 1


@pytest.mark.parametrize(("role", "status"), [("agent", 200), ("administrator", 200), ("editor", 403), ("dealer", 403)])
def test_V3_agent_and_administrator_unblock_and_nobody_else(client, cyprus, blocked, role, status):
    load_roles()
    who = make_account(f"{role}@staff.example.com", cyprus)
    who.is_staff = True
    who.save(update_fields=["is_staff"])
    who.groups.set(Group.objects.filter(name=role))
    sign_in_at_the_desk(client, who)
    assert client.get(unblocking(blocked)).status_code == status


def test_V2_the_page_of_a_blocked_car_follows_its_case(desk, anna, blocked):
    page = reverse("prove_access", args=[Membership.objects.get(account=anna).public_id])
    anna.market.contact = {"telephone": "+357 22 000000", "hours": {"en": "Monday to Friday", "el": "Δευτέρα"}}
    anna.market.save(update_fields=["contact"])
    customer = Client()
    customer.force_login(anna)
    text = customer.get(page).content.decode()
    for said in ("registration document", "+357 22 000000", "Monday to Friday", "Blocked after three wrong readings"):
        assert said in text
    desk.post(unblocking(blocked), CHECKED)
    text = customer.get(page).content.decode()
    assert "Unblocked after your identity was checked" in text
    assert "You have 3 tries" in text
    assert CHECKED["note"] not in text


def test_the_customer_centre_reads_sales_and_profiles_and_no_buyer(desk, anna, petros):
    car = prove(add(anna))
    link_profile(membership=car, source=Source.DECLARED, now=NOW, by=anna)
    sale = left(car)
    assert taken(petros, code_of(sale)).is_active
    pages = [
        desk.get(reverse(f"admin:garage_{name}_{page}", args=args))
        for name, row in (("sale", sale), ("multimediaprofile", MultimediaProfile.objects.get()))
        for page, args in (("changelist", []), ("change", [row.pk]))
    ]
    assert all(anna.email in page.text for page in pages)
    assert not any(petros.email in page.text for page in pages)
    assert "Transfer codes" in pages[1].text
