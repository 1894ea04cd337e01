"""The buyer with transfer code and proof (L1, V1, V2, V4)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from garage.actions.pair import issue_pairing_code
from garage.actions.transfer_code import issue_transfer_code
from garage.models import AccessCheck, AccessTry, ControlTransfer, Membership, TransferCode
from portal.models import AuditRecord
from subscriptions.actions.take_over import take_over
from tests import make
from tests.refusing import refusal_code
from tests.selling import again, begun, code_of, left, sold, taken

NOW = make.NOW
WRONG_CODE = "4444-4444-4444"


@pytest.fixture
def buyer(market):
    return make.account("buyer@example.com", market=market, first_name="Andri")


@pytest.fixture
def sale(car):
    return sold(car)


def refused(buyer, code, *, now=NOW, **proof) -> str:
    facts = proof or {"odometer_km": make.ODOMETER_KM}
    return refusal_code(take_over, account=buyer, code=code, address="192.0.2.1", now=now, by=buyer, **facts)


def no_try_was_used(buyer) -> bool:
    return not AccessTry.objects.filter(account=buyer).exists() and not AccessCheck.objects.filter(account=buyer)


def test_L1_code_and_odometer_give_control_in_one_step(sale, buyer):
    link = taken(buyer, code_of(sale).lower().replace("-", " "))
    assert (link.account, link.is_active, link.identified_as) == (buyer, True, "…900001")
    code = TransferCode.objects.get()
    assert (code.used_at, code.used_by) == (NOW, link)


def test_L1_so_do_code_and_the_cars_own_code(sale, buyer):
    pairing = issue_pairing_code(vin=sale.membership.vehicle.vin, now=NOW)
    assert taken(buyer, code_of(sale), pairing_code=pairing.code).is_active


def test_L1_a_car_that_is_in_the_garage_already_is_taken_over_too(sale, buyer):
    added = make.linked(buyer, sale.membership.vehicle)
    assert taken(buyer, code_of(sale)) == added


def test_L1_the_cars_code_must_be_of_the_same_car_and_stays_good(sale, buyer, owner):
    make.registry_entry(5)
    other = issue_pairing_code(vin="JTJSAMPLECY900005", now=NOW)
    code = code_of(sale)
    assert refused(buyer, code, pairing_code=other.code) == "code_wrong"
    assert not Membership.objects.filter(account=buyer).exists()
    assert taken(buyer, code).is_active


@pytest.mark.parametrize("code", ["", "4F7K-9XRT", "none at all, really"])
def test_what_can_be_no_code_is_said_to_be_none(buyer, code):
    assert refused(buyer, code) == "transfer_malformed"


def test_V2_a_wrong_code_costs_no_try_and_tells_of_no_car(sale, buyer):
    code_of(sale)
    assert refused(buyer, WRONG_CODE, odometer_km=1) == "transfer_wrong"
    assert no_try_was_used(buyer)
    assert not Membership.objects.filter(account=buyer).exists()


def test_a_code_that_is_used_replaced_or_too_old_is_answered_like_one_that_never_was(sale, buyer, stranger):
    replaced, last = code_of(sale), code_of(sale)
    assert refused(buyer, replaced) == "transfer_wrong"
    assert refused(buyer, last, now=NOW + timedelta(days=30)) == "transfer_wrong"
    taken(buyer, last)
    assert refused(stranger, last) == "transfer_wrong"


def test_wrong_codes_are_limited_for_an_account(sale, buyer):
    answers = [refused(buyer, WRONG_CODE) for _try in range(11)]
    assert answers == [*["transfer_wrong"] * 10, "too_many_codes"]
    assert taken(buyer, code_of(sale), now=NOW + timedelta(hours=1)).is_active


def test_V2_a_right_code_with_a_wrong_reading_counts_as_ever_and_stays_good(sale, buyer):
    code = code_of(sale)
    assert refused(buyer, code, odometer_km=1) == "wrong_reading"
    assert AccessCheck.objects.get(account=buyer).wrong_tries == 1
    link = Membership.objects.get(account=buyer)
    # Until access is proved: no VIN, no plate.
    assert (link.identified_as, link.is_verified) == ("…900001", False)
    assert taken(buyer, code).is_active


def test_V2_three_wrong_readings_block_whoever_has_the_code(sale, buyer):
    code = code_of(sale)
    answers = [refused(buyer, code, odometer_km=1) for _try in range(4)]
    assert answers == ["wrong_reading", "wrong_reading", "verification_blocked", "verification_blocked"]
    assert refused(buyer, code) == "verification_blocked"


def test_without_a_proof_nothing_is_tried(sale, buyer):
    arguments = {"account": buyer, "code": code_of(sale), "address": "192.0.2.1", "now": NOW, "by": buyer}
    assert refusal_code(take_over, **arguments) == "proof_missing"


def test_the_seller_does_not_take_its_own_car_over(sale, owner):
    assert refused(owner, code_of(sale)) == "transfer_own"


def test_V4_control_that_another_account_took_without_paying_moves_at_once(sale, buyer, stranger):
    make.verified(stranger, sale.membership.vehicle)
    assert taken(buyer, code_of(sale)).is_active


def test_V4_control_of_another_account_that_pays_is_asked_for(sale, buyer, stranger, digital_key, gateway):
    make.card(stranger, gateway=gateway)
    make.subscription(make.verified(stranger, sale.membership.vehicle), package=digital_key, gateway=gateway)
    link = taken(buyer, code_of(sale))
    assert (link.is_verified, link.is_active) == (True, False)
    assert ControlTransfer.objects.open().get().taker == buyer


def test_L1_no_code_before_the_car_has_left(car):
    sale = begun(car)
    assert refusal_code(issue_transfer_code, sale=sale, now=NOW, by=car.account) == "not_left"


def test_a_code_can_be_made_before_the_certificate_and_only_the_last_is_good(car, buyer):
    sale = left(car)
    code_of(sale)
    code = code_of(again(sale))
    assert taken(buyer, code).is_active


def test_codes_are_made_ten_times_an_hour(sale, owner):
    for _time in range(10):
        code_of(sale)
    assert refusal_code(issue_transfer_code, sale=sale, now=NOW, by=owner) == "too_many"


def test_the_code_itself_is_kept_nowhere(sale):
    code = code_of(sale).replace("-", "")
    assert code not in str(list(TransferCode.objects.values()))
    assert code not in str(list(AuditRecord.objects.values()))


def test_D4_the_seller_is_not_told_that_the_buyer_came(sale, owner, buyer):
    before = owner.notices.count(), AuditRecord.objects.filter(account=owner).count()
    code = code_of(sale)
    taken(buyer, code)
    # The code's making is the seller's own record.
    assert (owner.notices.count(), AuditRecord.objects.filter(account=owner).count()) == (before[0], before[1] + 1)


def test_the_database_keeps_one_open_code_of_a_sale(sale, buyer):
    code_of(sale)
    code = TransferCode.objects.get()
    facts = {"sale": sale, "issued_at": NOW, "expires_at": NOW + timedelta(days=1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferCode.objects.create(digest="other", **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferCode.objects.filter(pk=code.pk).update(used_at=NOW)
