from datetime import timedelta

import pytest

from garage.actions.unlink import unlink
from garage.models import AccessCheck, Membership, RegistryEntry
from portal.models import AuditRecord
from portal.refusals import Refusal
from tests.garage.cars import KM, NOW, add, make_entry, prove

FAR_TOO_LOW, FAR_TOO_HIGH, JUST_TOO_LOW = KM - 9000, KM + 9000, KM - 6


def answers(membership, *readings):
    said = []
    for km in readings:
        try:
            prove(membership, km)
            said.append("proved")
        except Refusal as refusal:
            said.append(refusal.code)
    return said


def test_v1_a_right_reading_verifies_and_g3_the_first_becomes_active(anna):
    membership = prove(add(anna), KM + 7)
    assert (membership.verified_at, membership.is_active) == (NOW, True)
    assert AuditRecord.objects.get(what="access_proved").data == {"became_active": True}


def test_g3_a_later_one_is_verified_without_taking_control(anna, petros):
    prove(add(anna))
    later = prove(add(petros))
    assert (later.is_verified, later.is_active) == (True, False)


def test_g3_a_verified_account_takes_control_by_proof_once_nobody_has_it(anna, petros):
    first, later = prove(add(anna)), prove(add(petros))
    unlink(first, now=NOW, by=anna)
    assert answers(later, JUST_TOO_LOW, KM) == ["wrong_reading", "proved"]
    later.refresh_from_db()
    assert (later.is_active, later.verified_at) == (True, NOW)


def test_v2_the_third_wrong_reading_blocks_even_the_right_one(anna):
    membership = add(anna)
    assert answers(membership, 1, 2, 3, KM) == ["wrong_reading"] * 2 + ["verification_blocked"] * 2
    assert AccessCheck.objects.get().blocked_at == NOW
    records = AuditRecord.objects.filter(subject_type="garage.membership").exclude(what="vehicle_added")
    whats = list(records.order_by("pk").values_list("what", flat=True))
    assert whats == ["access_refused"] * 3 + ["verification_blocked"]


def test_v2_the_words_count_down_and_tell_nothing_of_the_true_value(anna, petros):
    def words(account, *readings):
        membership = add(account)
        for km in readings:
            with pytest.raises(Refusal) as refusal:
                prove(membership, km)
            yield str(refusal.value)

    low, high = list(words(anna, FAR_TOO_LOW, JUST_TOO_LOW, 1)), list(words(petros, FAR_TOO_HIGH, KM + 99, KM + 8))
    assert low == high
    assert "2 more tries" in low[0]
    assert "1 more try" in low[1]
    assert "dealer" in low[2]


def test_v2_neither_the_true_value_nor_a_guess_is_in_the_audit(anna):
    answers(add(anna), 23_456, KM)
    assert not [
        record for record in AuditRecord.objects.all() if {"23456", str(KM)} & set(map(str, record.data.values()))
    ]


def test_v2_a_right_reading_does_not_reset_the_count(anna):
    membership = add(anna)
    answers(membership, 1, 2, KM)
    assert AccessCheck.objects.get().wrong_tries == 2


def test_v2_removing_and_adding_the_car_again_does_not_reset_the_count(anna):
    answers(add(anna), 1, 2)
    Membership.objects.update(ended_at=NOW, is_selected=False)
    again = add(anna)
    assert answers(again, 3, KM) == ["verification_blocked"] * 2


def test_v2_the_count_is_per_account_and_car(anna, petros):
    answers(add(anna, 1), 1, 2, 3)
    assert answers(add(anna, 2), KM) == ["proved"]
    assert answers(add(petros, 1), KM) == ["proved"]


def test_v1_an_old_or_missing_reading_uses_up_no_try(anna):
    make_entry(2, odometer_km=None, odometer_at=None)
    old, never = add(anna, 1), add(anna, 2)
    RegistryEntry.objects.filter(vin=old.vehicle.vin).update(odometer_at=NOW - timedelta(days=31))
    assert answers(old, 1, KM, 2, 3) == ["reading_proves_nothing"] * 4
    assert answers(never, 0) == ["reading_proves_nothing"]
    assert set(AccessCheck.objects.values_list("wrong_tries", flat=True)) == {0}


def test_an_account_that_has_proved_is_not_asked_again(anna):
    membership = add(anna)
    assert answers(membership, KM, 1, 2, 3) == ["proved"] * 4
    assert AccessCheck.objects.get().wrong_tries == 0


def test_a_car_that_has_left_the_garage_cannot_be_proved(anna):
    membership = add(anna)
    Membership.objects.update(ended_at=NOW, is_selected=False)
    assert answers(membership, KM) == ["not_in_garage"]


def test_v1_the_markets_own_tolerance_decides(anna):
    anna.market.odometer_tolerance_km = 100
    anna.market.save(update_fields=["odometer_tolerance_km"])
    assert answers(add(anna), KM - 101, KM - 100) == ["wrong_reading", "proved"]
