"""G10, D4, D2: taking in what cars report; late, doubled, out of order and partly bad."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Notice
from accounts.notices.texts import body, subject
from garage import own_time, privacy_mode
from garage.models import RegistryEntry, VehicleAlert, VehiclePrivacy, VehicleReport, VehicleState
from garage.registry import get_registry
from garage.rules import reports as rules
from garage.rules.verification import OdometerReading
from tests import make
from tests.garage.cars import KM, NOW, add, prove, vin
from tests.garage.reporting import HOUR, LATER, alert, move_control, privacy, state, take


@pytest.fixture
def mine(anna):
    """Anna's car, under her control since `NOW`."""
    return prove(add(anna))


def last(account, car) -> VehicleState:
    return VehicleState.objects.get(period__account=account, period__vehicle=car.vehicle)


def test_G10_a_report_is_kept_with_its_moment_and_that_of_its_arrival(mine):
    assert take(state(mine, at=LATER - HOUR, odometer_km=25_000, battery_volts=Decimal("12.60"))).kept == 1
    kept = VehicleReport.objects.get()
    assert (kept.odometer_km, kept.at, kept.received_at) == (25_000, LATER - HOUR, LATER)
    assert kept.doors_open is None


def test_D4_that_the_car_spoke_after_its_time_is_not_of_a_former_account(car, owner, stranger):
    move_control(car, stranger, now=LATER + HOUR)
    spoken = LATER + 3 * HOUR
    take(replace(state(car), last_contact_at=spoken), now=spoken)
    last = VehicleState.objects.get(period__account=owner).last_contact_at
    assert last == VehicleReport.objects.get().last_contact_at == LATER


def test_G10_the_last_state_takes_each_value_from_the_report_in_which_it_arose_last(anna, mine):
    full = {"odometer_km": 25_000, "fuel_percent": 60, "doors_open": []}
    take(state(mine, "b", at=LATER - HOUR, **full), state(mine, "c", at=LATER, doors_open=["rear_left"]))
    known = last(anna, mine)
    assert (known.odometer_km, known.odometer_at) == (25_000, LATER - HOUR)
    assert (known.doors_open, known.doors_at, known.last_contact_at) == (["rear_left"], LATER, LATER)


def test_G10_a_late_report_changes_only_what_nothing_later_has_told(anna, mine):
    take(state(mine, "new", at=LATER, odometer_km=25_100))
    take(state(mine, "late", at=LATER - HOUR, odometer_km=25_000, fuel_percent=55), now=LATER + HOUR)
    known = last(anna, mine)
    assert (known.odometer_km, known.fuel_percent, known.fuel_at) == (25_100, 55, LATER - HOUR)
    assert VehicleReport.objects.count() == 2


def test_G10_the_same_report_twice_is_kept_once_in_one_batch_and_in_two(mine):
    first = take(state(mine), state(mine, odometer_km=1), alert(mine), alert(mine), privacy(mine), privacy(mine))
    again = take(state(mine), alert(mine), privacy(mine), now=LATER + HOUR)
    assert (first.kept, first.known, again.kept, again.known) == (3, 3, 0, 3)
    assert VehicleReport.objects.get().odometer_km == 25_000
    assert (VehicleAlert.objects.count(), VehiclePrivacy.objects.count(), Notice.objects.count()) == (1, 1, 1)


def test_G10_the_good_of_a_batch_are_kept_and_the_bad_are_answered_one_by_one(mine):
    taken = take(
        state(mine, "ahead", at=LATER + HOUR),
        state(mine, "good"),
        state(mine, "range", fuel_percent=101),
        alert(mine, "door_open", "roof", key="corner"),
        state(mine, "old", at=LATER - timedelta(days=1200)),
        state(mine.vehicle, ""),
        state(mine, "empty", doors_open=None),
        privacy(mine, source="dealer"),
    )
    assert taken.kept == 1
    codes = ["in_future", "out_of_range", "unknown_code", "too_old", "report_id", "empty", "unknown_code"]
    assert [fault.problem for fault in taken.refused.values()] == codes
    assert list(taken.refused) == [0, 2, 3, 4, 5, 6, 7]


def test_D4_what_a_fast_clock_dates_ahead_has_arisen_now(anna, mine):
    take(state(mine, at=LATER + rules.MOST_AHEAD))
    assert (VehicleReport.objects.get().at, last(anna, mine).odometer_at) == (LATER, LATER)


def test_G10_an_unknown_vin_is_refused(mine):
    stranger = state(mine.vehicle)
    unknown = type(stranger)(**{**vars(stranger), "vin": vin(99)})
    malformed = type(stranger)(**{**vars(stranger), "vin": "no vin"})
    assert [fault.problem for fault in take(unknown, malformed).refused.values()] == ["unknown_vin"] * 2


def test_V1_a_reported_odometer_is_the_last_known_reading_and_never_goes_back(mine, anna, petros):
    take(state(mine, odometer_km=25_000))
    assert get_registry().odometer(mine.vehicle.vin).km == 25_000
    take(state(mine, "late", at=LATER - HOUR, odometer_km=24_990), now=LATER + HOUR)
    assert get_registry().odometer(mine.vehicle.vin).taken_at == LATER
    assert prove(add(petros), km=25_000, now=LATER).is_verified


def test_V1_a_known_report_with_another_reading_moves_no_odometer_but_passes_its_own_on(mine):
    take(state(mine, odometer_km=25_000))
    again = state(mine, at=LATER + HOUR, odometer_km=26_000)
    assert take(again, now=LATER + HOUR).known == 1
    assert get_registry().odometer(mine.vehicle.vin).km == 25_000
    # As after a call that was cut off before the registry heard of it.
    RegistryEntry.objects.update(odometer_km=KM, odometer_at=NOW)
    take(again, now=LATER + HOUR)
    assert get_registry().odometer(mine.vehicle.vin) == OdometerReading(km=25_000, taken_at=LATER)


def test_V1_the_odometer_of_a_car_that_is_in_no_garage_is_known_and_nothing_else_is_kept(cyprus):
    make.registry_entry(5)
    car = type("Car", (), {"vin": vin(5)})
    taken = take(state(car, odometer_km=KM + 40), alert(car), privacy(car))
    assert (taken.kept, taken.left_out, taken.refused) == (0, [0, 1, 2], {})
    assert get_registry().odometer(vin(5)).km == KM + 40
    assert not VehicleReport.objects.exists()


def test_D4_what_arose_while_nobody_had_control_is_nobodys_and_is_not_kept(mine):
    taken = take(state(mine, at=NOW - HOUR), alert(mine, at=NOW - HOUR))
    assert (taken.kept, taken.left_out) == (0, [0, 1])
    assert not Notice.objects.filter(kind="vehicle_alert").exists()


def test_G10_an_alert_is_told_once_with_where_and_when(mine):
    take(alert(mine, "window_open", "front_left", "rear_right"))
    notice = Notice.objects.get(kind="vehicle_alert")
    assert notice.account == mine.account
    assert subject(notice) == "NX 350h: A window is open"
    assert "A window is open: front left, rear right." in body(notice)


def test_G10_a_warning_light_is_told_with_its_meaning_advice_and_dealer(mine, anna, cyprus):
    anna.preferred_dealer = make.dealer(cyprus)
    anna.save(update_fields=["preferred_dealer"])
    take(alert(mine, "warning_light", "low_fuel", "oil_pressure"))
    text = body(Notice.objects.get(kind="warning_light"))
    assert text.index("Do not drive on.") < text.index("Fill up soon.")
    assert "Sample Motors Nicosia, telephone +357 22 000111" in text


def test_G10_a_light_that_nobody_here_has_heard_of_is_kept_and_told_with_care(mine):
    take(alert(mine, "warning_light", "flux_capacitor"))
    assert "Flux capacitor. There are no words for this light here." in body(Notice.objects.get(kind="warning_light"))


def test_D2_privacy_mode_is_as_it_was_last_switched_whatever_came_last(mine):
    assert privacy_mode.told_to(mine) is None
    take(privacy(mine, False, source="app", key="off", at=LATER))
    take(privacy(mine, True, key="on", at=LATER - HOUR), now=LATER + HOUR)
    assert privacy_mode.told_to(mine) == (False, "app", LATER)


def test_G10_a_report_is_never_changed(mine):
    take(state(mine))
    with pytest.raises(DatabaseError), transaction.atomic():
        VehicleReport.objects.update(odometer_km=1)


def test_G10_no_position_has_a_place_to_be_kept():
    models = (VehicleReport, VehicleState, VehicleAlert, VehiclePrivacy)
    names = {field.name for model in models for field in model._meta.get_fields()}
    assert not {name for name in names if "lat" in name or "lon" in name or "position" in name or "place" in name}


def test_G10_a_batch_takes_as_many_queries_for_a_hundred_as_for_one(mine, django_assert_max_num_queries):
    reports = [state(mine, f"s{n}", at=LATER - n * HOUR) for n in range(50)]
    reports += [alert(mine, key=f"a{n}", at=LATER - n * HOUR) for n in range(50)]
    with django_assert_max_num_queries(22):
        assert take(*reports).kept == 100


def test_D4_each_account_keeps_its_own_of_one_car(mine, anna, petros):
    taken_over = LATER
    take(state(mine, "hers", at=LATER - HOUR, odometer_km=25_000))
    move_control(mine, petros, now=taken_over)
    take(
        state(mine, "his", at=LATER + HOUR, odometer_km=25_020),
        state(mine, "late", at=LATER - HOUR / 2, odometer_km=25_010),
        alert(mine, key="late", at=LATER - HOUR / 2),
        alert(mine, key="his", at=LATER + HOUR),
        now=LATER + 2 * HOUR,
    )
    assert last(anna, mine).odometer_km == 25_010
    assert last(petros, mine).odometer_km == 25_020
    told = Notice.objects.filter(kind="vehicle_alert").order_by("event_on", "pk")
    assert {(notice.account_id, notice.facts["happened_at"]) for notice in told} == {
        (anna.pk, (LATER - HOUR / 2).isoformat()),
        (petros.pk, (LATER + HOUR).isoformat()),
    }
    rows = VehicleReport.objects.order_by("at")
    of_anna = own_time.own(rows, account=anna, vehicle=mine.vehicle, field="at")
    assert [row.report_id for row in of_anna] == ["hers", "late"]
