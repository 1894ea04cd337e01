"""C6: a map update is asked for, called off, and moved by the cars' backend."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from accounts.exporting import EXPORTERS
from accounts.models import Notice
from garage.actions.leave import end_membership
from garage.actions.map_updates import ask_for_map_update, call_off_map_update, forget_map_updates
from garage.actions.prove import prove_access
from garage.data import vehicle_data
from garage.models import MapUpdate, VehicleMap
from garage.own_time import own_time
from garage.rules.maps import State
from garage.rules.said import Problem
from portal.models import AuditRecord
from tests import make
from tests.garage import maps
from tests.garage.maps import NEW, OLD, map_update, says, take, version
from tests.garage.reporting import move_control
from tests.refusing import refusal_code

NOW, LATER = make.NOW, make.NOW + timedelta(hours=2)
SENT, INSTALLED, FAILED = State.SENT, State.INSTALLED, State.FAILED


@pytest.fixture
def newest(market):
    return maps.releases(market)[NEW]


@pytest.fixture
def covered(market):
    return maps.map_package(market)


def ask(car, release, by=None):
    return ask_for_map_update(membership=car, release=release, now=NOW, by=by or car.account)


def state(update) -> str:
    update.refresh_from_db()
    return update.state


def told() -> list[str]:
    return list(Notice.objects.filter(kind="map_update").values_list("facts__change", flat=True))


def test_C6_the_active_account_asks_for_an_update_and_sees_it_requested_sent_and_installed(car):
    take(version(car))
    update = map_update(car)
    assert state(update) == "requested"
    take(says(update, SENT))
    assert (state(update), update.sent_at, told()) == ("sent", NOW, [])
    take(says(update, INSTALLED, at=LATER), now=LATER)
    assert (state(update), update.ended_at, told()) == ("installed", LATER, ["installed"])
    assert VehicleMap.objects.get().version == NEW
    words = AuditRecord.objects.filter(what__startswith="map update").order_by("pk").values_list("what", flat=True)
    assert list(words) == ["map update asked for", "map update sent", "map update installed"]


def test_C6_a_failed_update_is_told_and_another_may_be_asked_for(car):
    update = map_update(car)
    take(says(update, FAILED))
    assert (state(update), told(), VehicleMap.objects.count()) == ("failed", ["failed"], 0)
    assert map_update(car) != update


def test_C6_one_update_of_a_car_is_open_at_a_time(car):
    update = map_update(car)
    assert refusal_code(lambda: map_update(car)) == "update_open"
    with pytest.raises(IntegrityError):
        MapUpdate.objects.create(account=car.account, vehicle=car.vehicle, release=update.release, requested_at=NOW)


def test_C6_no_update_without_a_package_that_brings_maps(car, newest):
    make.package("navigation", market=car.account.market, is_standard=True)
    assert refusal_code(lambda: ask(car, newest)) == "not_covered"


def test_C6_nothing_older_and_nothing_that_the_car_has_is_asked_for(car, newest, covered):
    old = type(newest).objects.get(version=OLD)
    assert refusal_code(lambda: ask(car, old)) == "not_newest"
    take(version(car, NEW))
    assert refusal_code(lambda: ask(car, newest)) == "not_newest"


@pytest.mark.parametrize("facts", [{"generation": "MM17"}, {"is_active": False}, {"released_on": date(2026, 6, 11)}])
def test_C6_a_release_is_for_its_head_unit_and_its_time(car, covered, facts):
    assert refusal_code(lambda: ask(car, maps.release(car.account.market, **facts))) == "not_newest"


def test_C6_a_head_unit_without_a_connection_takes_no_update_over_the_air(car, covered):
    by_stick = maps.release(car.account.market, is_over_the_air=False)
    assert refusal_code(lambda: ask(car, by_stick)) == "not_over_the_air"


def test_C7_others_ask_for_nothing(car, stranger, newest, covered):
    link = make.linked(stranger, car.vehicle)
    assert refusal_code(lambda: ask(link, newest)) == "not_active"
    prove_access(membership=link, odometer_km=make.ODOMETER_KM, now=NOW, by=stranger)
    assert refusal_code(lambda: ask(link, newest)) == "not_active"


def test_C6_an_update_is_called_off_until_it_is_sent(car):
    update = map_update(car)
    call_off_map_update(update=update, now=LATER, by=car.account)
    assert (state(update), update.ended_at, told()) == ("called_off", LATER, [])
    sent = map_update(car)
    take(says(sent, SENT))
    call = lambda: call_off_map_update(update=sent, now=LATER, by=car.account)  # noqa: E731
    assert refusal_code(call) == "update_not_waiting"


@pytest.mark.parametrize("has_been_sent", [False, True])
def test_D4_with_control_the_update_goes_and_the_next_owner_asks_for_itself(car, stranger, has_been_sent):
    take(version(car))
    update = map_update(car)
    if has_been_sent:
        take(says(update, SENT))
    new = move_control(car, stranger, now=LATER, km=make.ODOMETER_KM)
    assert state(update) == "called_off"
    assert map_update(new, now=LATER).account == stranger
    assert VehicleMap.objects.get(vehicle=new.vehicle).version == OLD
    assert take(says(update, INSTALLED, at=LATER), now=LATER).over == [0]
    assert told() == []


def test_C6_reports_that_come_twice_and_out_of_order_move_nothing_back(car):
    update = map_update(car)
    taken = take(says(update, INSTALLED, at=LATER), says(update, SENT), says(update, INSTALLED, at=LATER), now=LATER)
    assert (taken.kept, taken.known, taken.over, state(update)) == (1, 2, [], "installed")
    assert take(says(update, FAILED, at=LATER), now=LATER).over == [0]
    assert told() == ["installed"]


def test_C6_what_the_car_told_last_counts_whenever_it_comes_in(car):
    taken = take(version(car, NEW, at=LATER), version(car, OLD), now=LATER)
    assert (taken.kept, taken.known, VehicleMap.objects.get().version) == (1, 1, NEW)
    taken = take(version(car, "2026.1.1", at=LATER + timedelta(hours=1)), now=LATER + timedelta(hours=1))
    assert (taken.kept, VehicleMap.objects.get().version) == (1, "2026.1.1")


def test_C6_of_an_unknown_car_or_update_nothing_is_kept(car, market):
    make.registry_entry(7)
    unknown, elsewhere = version(car), version(car)
    unknown = type(unknown)(vin="JTJSAMPLECY900099", version=OLD, at=NOW)
    elsewhere = type(elsewhere)(vin="JTJSAMPLECY900007", version=OLD, at=NOW)
    update = map_update(car)
    early = says(update, SENT, at=NOW - timedelta(hours=1))
    lost = type(early)(update=car.public_id, state=SENT, at=NOW)
    taken = take(unknown, elsewhere, early, lost)
    assert [fault.problem for _index, fault in sorted(taken.refused.items())] == [
        Problem.UNKNOWN_VIN,
        Problem.BEFORE_REQUEST,
        Problem.UNKNOWN_UPDATE,
    ]
    assert (taken.not_here, taken.kept) == ([1], 0)


def test_C6_what_is_no_vin_is_no_car(car):
    odd = type(version(car))(vin="JTJ\x00SAMPLE", version=OLD, at=NOW)
    assert take(odd, version(car)).refused[0].problem == Problem.UNKNOWN_VIN
    assert VehicleMap.objects.count() == 1


def test_C6_a_clock_that_is_a_little_behind_keeps_the_moments_in_their_order(car):
    update = map_update(car)
    take(says(update, SENT, at=NOW - timedelta(minutes=2)), says(update, INSTALLED, at=NOW - timedelta(minutes=1)))
    assert (state(update), update.sent_at, update.ended_at) == ("installed", NOW, NOW)


def test_D4_the_export_and_the_cars_data_have_ones_own_updates_only(car, stranger):
    map_update(car)
    kind, account = vehicle_data.find("map_updates"), car.account
    new = move_control(car, stranger, now=LATER, km=make.ODOMETER_KM)
    [row] = vehicle_data.reading(kind, own_time(account, car.vehicle), now=LATER)
    assert (row["version"], row["state"]) == (NEW, "called_off")
    assert kind.in_words(row) == "Version 2026.1: Called off"
    assert list(vehicle_data.reading(kind, own_time(stranger, new.vehicle), now=LATER)) == []
    [exported] = EXPORTERS["map-updates"].rows(account)
    assert exported["release_version"] == NEW
    assert not list(EXPORTERS["map-updates"].rows(stranger))


def test_A6_with_the_account_its_updates_go_and_the_version_stays(car):
    take(version(car))
    map_update(car)
    end_membership(car, now=LATER, by=car.account)
    forget_map_updates(car.account, LATER)
    assert (MapUpdate.objects.count(), VehicleMap.objects.count()) == (0, 1)
