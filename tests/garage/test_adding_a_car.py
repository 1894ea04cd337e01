from datetime import date, timedelta

import pytest

from garage.actions.add import add_vehicle, add_vehicle_by_plate
from garage.lookups import MOST_UNKNOWN_AN_HOUR
from garage.models import Membership, RegistryEntry, Vehicle
from portal.models import AuditRecord
from portal.refusals import Refusal
from tests.garage.cars import NOW, add, make_entry, prove, vin


def refused(code, act, **arguments):
    with pytest.raises(Refusal) as refusal:
        act(now=NOW, **arguments)
    assert refusal.value.code == code
    return str(refusal.value)


def test_a_car_is_added_unverified_with_what_the_registry_knows(anna):
    make_entry(1)
    membership = add_vehicle(account=anna, vin="jtj-sample cy900001", now=NOW, by=anna)
    assert not membership.is_verified
    assert (membership.identified_as, membership.vehicle.model) == (vin(1), "NX 350h")
    assert membership.vehicle.capabilities == ["navigation", "remote"]
    assert AuditRecord.objects.get(account=anna, what="vehicle_added").by == anna


def test_g5_the_first_car_is_selected_and_no_other(anna):
    assert [add(anna, 1).is_selected, add(anna, 2).is_selected] == [True, False]


def test_g2_a_bad_vin_says_all_that_is_wrong(anna):
    sentence = refused("vin_malformed", add_vehicle, account=anna, vin="JTJO", by=anna)
    assert "Character 4 is the letter O" in sentence
    assert "use 0" in sentence
    assert "this has 4" in sentence


def test_g2_an_unknown_vin_or_plate_is_said_to_be_unknown(anna):
    refused("vin_unknown", add_vehicle, account=anna, vin=vin(1), by=anna)
    refused("plate_unknown", add_vehicle_by_plate, account=anna, plate="KAA001", by=anna)
    refused("plate_malformed", add_vehicle_by_plate, account=anna, plate="?", by=anna)
    assert not Vehicle.objects.exists()


def test_g2_a_car_is_found_by_its_plate_in_the_accounts_market(anna):
    make_entry(1)
    make_entry(2, market_code="GR", plate="KAA001")
    membership = add_vehicle_by_plate(account=anna, plate="ΚΑΑ 001", now=NOW, by=anna)
    assert (membership.vehicle.vin, membership.identified_as) == (vin(1), "KAA001")


def test_a_plate_that_two_cars_carry_finds_neither(anna):
    make_entry(1, plate="KAA001")
    make_entry(2, plate="KAA001")
    refused("plate_unknown", add_vehicle_by_plate, account=anna, plate="KAA001", by=anna)


def test_the_same_car_is_not_added_twice(anna):
    add(anna)
    refused("already_in_garage", add_vehicle, account=anna, vin=vin(1), by=anna)
    assert Membership.objects.count() == 1


def test_g1_the_eleventh_car_is_refused_and_a_removed_one_makes_room(anna):
    memberships = [add(anna, number) for number in range(1, 11)]
    make_entry(11)
    assert "10 cars" in refused("garage_full", add_vehicle, account=anna, vin=vin(11), by=anna)
    Membership.objects.filter(pk=memberships[0].pk).update(ended_at=NOW, is_selected=False)
    assert add(anna, 11).is_selected


def test_a_vin_in_use_answers_as_any_other(anna, petros):
    prove(add(anna))
    membership = add(petros)
    assert not membership.is_verified
    assert Vehicle.objects.count() == 1


def test_adding_a_known_car_again_brings_its_facts_up_to_date(anna, petros):
    add(anna)
    RegistryEntry.objects.update(plate="KBB222", warranty_start=date(2024, 4, 1))
    vehicle = add(petros).vehicle
    vehicle.refresh_from_db()
    assert (vehicle.plate, vehicle.warranty_start) == ("KBB222", date(2024, 4, 1))


def test_thirty_unknown_vins_an_hour_and_no_more(anna, petros):
    make_entry(99)
    for number in range(MOST_UNKNOWN_AN_HOUR):
        refused("vin_unknown", add_vehicle, account=anna, vin=vin(number), by=anna)
    refused("too_many_lookups", add_vehicle, account=anna, vin=vin(99), by=anna)
    refused("vin_unknown", add_vehicle, account=petros, vin=vin(1), by=petros)
    assert add_vehicle(account=anna, vin=vin(99), now=NOW + timedelta(hours=1), by=anna).pk


def test_known_and_malformed_vins_use_up_no_lookup(anna):
    add(anna)
    for _ in range(MOST_UNKNOWN_AN_HOUR + 1):
        refused("already_in_garage", add_vehicle, account=anna, vin=vin(1), by=anna)
        refused("vin_malformed", add_vehicle, account=anna, vin="JTJ", by=anna)
    refused("vin_unknown", add_vehicle, account=anna, vin=vin(2), by=anna)
