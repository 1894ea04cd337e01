"""Tries and rooms that run out are counted one by one, however many ask at once."""

import pytest
from django.core.cache import cache
from django.db import transaction

from garage.models import AccessCheck, Membership
from portal.models import AuditRecord
from tests.concurrency.at_once import at_once
from tests.garage.cars import KM, add, make_account, make_entry, make_market, prove

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market():
    cache.clear()
    return make_market()


def test_v2_of_ten_wrong_readings_at_once_three_are_judged(market):
    membership = add(make_account("anna@example.com", market))
    said = at_once(*[lambda km=km: prove(membership, km) for km in range(10)])
    assert said == {"wrong_reading": 2, "verification_blocked": 8}
    assert AccessCheck.objects.get().wrong_tries == 3
    assert AuditRecord.objects.filter(what="access_refused").count() == 3
    assert AuditRecord.objects.filter(what="verification_blocked").count() == 1


def test_v2_a_try_cannot_be_taken_back_by_a_transaction_around_it(market):
    membership = add(make_account("anna@example.com", market))
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        prove(membership, 1)


def test_g1_of_twenty_cars_added_at_once_ten_fit(market):
    account = make_account("anna@example.com", market)
    for number in range(20):
        make_entry(number)
    said = at_once(*[lambda number=number: add(account, number) for number in range(20)])
    assert said == {"done": 10, "garage_full": 10}
    assert Membership.objects.filter(account=account, is_selected=True).count() == 1


def test_the_same_car_added_ten_times_at_once_is_there_once(market):
    account = make_account("anna@example.com", market)
    make_entry(1)
    assert at_once(*[lambda: add(account, 1)] * 10) == {"done": 1, "already_in_garage": 9}


def test_g3_of_six_accounts_that_prove_at_once_one_becomes_active(market):
    memberships = [add(make_account(f"owner{n}@example.com", market), 1) for n in range(6)]
    assert at_once(*[lambda m=m: prove(m, KM) for m in memberships]) == {"done": 6}
    assert Membership.objects.filter(verified_at__isnull=False).count() == 6
    assert Membership.objects.filter(is_active=True).count() == 1


def test_adding_and_proving_the_same_car_at_once_end_without_a_deadlock(market):
    owners = [make_account(f"owner{n}@example.com", market) for n in range(4)]
    memberships = [add(owner, 1) for owner in owners]
    for number in (2, 3):
        make_entry(number)
    adding = [lambda o=o, n=n: add(o, n) for o in owners for n in (2, 3)]
    said = at_once(*[*adding, *[lambda m=m: prove(m, KM) for m in memberships]])
    assert said == {"done": 12}
