"""Tries and rooms that run out are counted one by one, however many ask at once."""

from functools import partial

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Notice
from garage.actions.orders import OrderFacts, deliver_ordered_vehicle, record_order
from garage.actions.pair import issue_pairing_code, redeem_pairing_code
from garage.models import AccessCheck, AccessTry, Membership, OrderedVehicle, PairingCode
from garage.rules.orders import Stage
from portal.models import AuditRecord
from tests import oidc
from tests.concurrency.at_once import at_once
from tests.garage.cars import KM, NOW, add, make_account, make_entry, make_market, prove, vin

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


def test_V2_of_fifty_readings_at_once_exactly_three_are_judged(market):
    membership = add(make_account("anna@example.com", market))
    said = at_once(*[lambda km=km: prove(membership, km) for km in range(50)])
    assert said == {"wrong_reading": 2, "verification_blocked": 48}
    assert AccessTry.objects.count() == AccessCheck.objects.get().wrong_tries == 3


def test_V2_of_tries_on_the_page_and_by_the_app_at_once_exactly_three_are_judged(market):
    account = make_account("anna@example.com", market)
    make_entry(1, odometer_at=timezone.now())
    car = add(account).public_id
    oidc.clients()
    token = oidc.sign_in_app(account).token["access_token"]
    browser, page, call = oidc.browser_of(account), f"/en/garage/{car}/access/", f"/api/v1/vehicles/{car}/access/"

    def on_the_page(km: int) -> str:
        client = Client()
        client.cookies = browser.cookies
        said = client.post(page, {"reading": str(km)}).content.decode()
        assert "did not match" in said or "does not match" in said
        return "wrong_reading" if "does not match what the car" in said else "verification_blocked"

    def by_the_app(km: int) -> str:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"reading-{km:06d}"}
        answer = Client(headers=headers).post(call, {"odometer_km": km}, content_type="application/json")
        return answer.json()["code"]

    acts = [lambda km=km: (on_the_page if km % 2 else by_the_app)(km) for km in range(16)]
    assert at_once(*acts, say=str) == {"wrong_reading": 2, "verification_blocked": 14}
    assert AccessTry.objects.count() == AccessCheck.objects.get().wrong_tries == 3


def test_V2_the_cap_of_a_car_holds_however_many_accounts_try_at_once(market):
    owner = prove(add(make_account("owner@example.com", market)))
    strangers = [add(make_account(f"stranger{n}@example.com", market)) for n in range(7)]
    said = at_once(*[lambda m=m, km=km: prove(m, km) for m in strangers for km in (1, 2, 3)])
    assert AccessTry.objects.filter(is_right=False).count() == market.wrong_readings_per_car == 12
    assert said["reading_proves_nothing"] == 9
    assert Notice.objects.filter(kind="access_tried", account=owner.account).count() == 12
    owner.refresh_from_db()
    assert owner.is_active


def test_V1_a_code_typed_in_by_ten_accounts_at_once_works_for_one(market):
    accounts = [make_account(f"owner{n}@example.com", market) for n in range(10)]
    make_entry(1)
    code = issue_pairing_code(vin=vin(1), now=NOW).code
    redeem = partial(redeem_pairing_code, code=code, now=NOW)
    said = at_once(*[lambda a=a: redeem(account=a, by=a, address=f"192.0.2.{a.pk % 250}") for a in accounts])
    assert said == {"done": 1, "code_wrong": 9}
    assert Membership.objects.filter(is_active=True).count() == Membership.objects.count() == 1


def test_a_car_that_asks_for_ten_codes_at_once_has_three(market):
    make_entry(1)
    at_once(*[lambda: issue_pairing_code(vin=vin(1), now=NOW)] * 10)
    assert sorted(PairingCode.objects.values_list("slot", flat=True)) == [1, 2, 3]


def test_G4_a_delivery_asked_for_five_times_at_once_is_one_car(market):
    account = make_account("anna@example.com", market)
    make_entry(1)
    facts = {"body": "suv", "colour_hex": "#8a1c2b", "expected_on": None, "stage_on": NOW.date(), "vin": vin(1)}
    wanted = OrderFacts(
        order_number="LX-1", market=market, email=account.email, model="NX", stage=Stage.DELIVERED, **facts
    )
    record_order(facts=wanted, now=NOW)
    order = OrderedVehicle.objects.get()
    assert at_once(*[lambda: deliver_ordered_vehicle(order=order, now=NOW)] * 5) == {"done": 5}
    assert Membership.objects.get().is_active
    assert Notice.objects.filter(kind="order_delivered").count() == 1


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
