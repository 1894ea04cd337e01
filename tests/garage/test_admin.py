import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from garage.models import AccessCheck, RegistryEntry, Vehicle
from portal.refusals import Refusal
from tests import make
from tests.garage.cars import KM, add, make_account, prove, vin
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
