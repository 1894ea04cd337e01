"""T1, D2, D4: trips come in by the batch, late, twice and out of order; sums stay what the rows add up to."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from accounts.actions.registration import create_from_head_unit
from accounts.exporting import EXPORTERS
from garage.actions.forget_trips import forget_trips, forget_trips_of
from garage.actions.unlink import end_control
from garage.data.vehicle_data import find
from garage.driving.check import misplaced, wrong_days
from garage.models import DrivingDay, LeftOutDay, Trip
from garage.own_time import own_time
from garage.rules.trips import LeftOut
from tests import make
from tests.garage.driving import DAY, agree, bring, drive, driving_package, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def driving(market):
    return driving_package(market)


@pytest.fixture
def driven(car, owner, now):
    """The owner's car, whose trips are kept."""
    agree(owner, now=now)
    return car


def test_T1_a_trip_is_kept_with_what_was_said(driven, now):
    assert drive(driven, now + DAY).left_out == [None]
    trip = Trip.objects.get()
    assert (trip.started_at, trip.distance_m, trip.duration_s) == (now + DAY, 6000, 600)
    assert (trip.score, trip.sent_score, trip.is_partial) == (Decimal(80), None, False)


def test_T2_a_score_that_was_sent_is_shown_as_sent(driven, now):
    drive(driven, now + DAY, score=91.25)
    assert Trip.objects.get().score == Decimal("91.25")


def test_T1_the_same_trip_twice_is_kept_once(driven, now):
    trip = said(driven, now + DAY)
    taken = bring(trip, trip, now=now + 2 * DAY)
    assert (taken.new, taken.left_out) == (1, [None, None])
    assert bring(trip, said(driven, now + DAY), now=now + 3 * DAY).new == 1
    assert DrivingDay.objects.get().trips == Trip.objects.count() == 2


def test_T1_a_trip_that_is_said_otherwise_later_stays_as_it_was(driven, now):
    trip = said(driven, now + DAY)
    bring(trip, now=now + 2 * DAY)
    bring(trip | {"distance_m": 7000}, now=now + 2 * DAY)
    assert Trip.objects.get().distance_m == DrivingDay.objects.get().distance_m == 6000


def test_the_same_id_of_another_car_is_another_trip(driven, owner, now):
    other = make.active_car(owner, 2)
    trip = said(driven, now + DAY)
    assert bring(trip, trip | {"vin": other.vehicle.vin}, now=now + 2 * DAY).new == 2


def test_D2_of_a_trip_in_privacy_mode_no_more_is_kept_than_the_day(driven, now):
    taken = drive(driven, now + DAY, privacy_mode="at_end")
    assert (taken.left_out, taken.new, Trip.objects.count()) == ([LeftOut.PRIVACY_MODE], 0, 0)
    day = LeftOutDay.objects.get()
    assert (day.on, day.reason) == (date(2026, 6, 11), LeftOut.PRIVACY_MODE)
    drive(driven, now + DAY, privacy_mode="at_end")
    assert LeftOutDay.objects.count() == 1


def test_D2_a_trip_with_privacy_mode_part_of_the_way_is_flagged(driven, now):
    drive(driven, now + DAY, privacy_mode="part")
    assert Trip.objects.get().is_partial
    assert DrivingDay.objects.get().partial_trips == 1


def test_T1_a_short_trip_is_left_out(driven, now):
    taken = drive(driven, now + DAY, distance_m=49, duration_s=9)
    assert taken.left_out == [LeftOut.TOO_SHORT]
    assert LeftOutDay.objects.get().reason == LeftOut.TOO_SHORT


def test_D1_without_consent_nothing_is_kept_at_all(car, now):
    taken = drive(car, now + DAY, privacy_mode="at_end")
    assert taken.left_out == [LeftOut.NO_CONSENT]
    assert (Trip.objects.count(), LeftOutDay.objects.count()) == (0, 0)


def test_D1_a_late_trip_is_not_kept_after_the_consent_was_withdrawn(driven, owner, now):
    drive(driven, now + DAY)
    agree(owner, now=now + 3 * DAY, is_given=False)
    assert drive(driven, now + 2 * DAY, now=now + 4 * DAY).left_out == [LeftOut.NO_CONSENT]
    agree(owner, now=now + 5 * DAY)
    assert drive(driven, now + 2 * DAY, now=now + 6 * DAY).left_out == [LeftOut.NO_CONSENT]
    assert drive(driven, now + 5 * DAY, now=now + 6 * DAY).left_out == [None]
    assert Trip.objects.count() == 2


def test_C2_nothing_is_kept_where_the_law_forbids_the_service_for_this_drive(driven, driving, market, now):
    driving.services.update(forbidden={market.code: [driven.vehicle.powertrain]})
    assert drive(driven, now + DAY).left_out == [LeftOut.NOT_ACTIVATED]


def test_C2_a_standard_package_for_some_models_and_markets_runs_on_these(driven, driving, market, now):
    driving.car_models, driving.car_markets = [driven.vehicle.model], [driven.vehicle.market_code]
    driving.save(update_fields=["car_models", "car_markets"])
    assert drive(driven, now + DAY).left_out == [None]
    driving.car_models = ["LC 500"]
    driving.save(update_fields=["car_models"])
    assert drive(driven, now + 2 * DAY).left_out == [LeftOut.NOT_ACTIVATED]


def test_T4_nothing_is_kept_where_the_service_does_not_run(driven, driving, now):
    driving.services.clear()
    assert drive(driven, now + DAY).left_out == [LeftOut.NOT_ACTIVATED]


def test_A2_nothing_is_kept_while_services_pause_for_the_terms(market, now):
    facts = {"email": "head@example.com", "password": make.PASSWORD, "generation": "MM19", "market": market}
    with time_machine.travel(now, tick=False):
        account = create_from_head_unit(**facts, now=now)
    agree(account, now=now)
    car = make.active_car(account)
    assert drive(car, now + DAY, now=now + 14 * DAY).left_out == [None]
    assert drive(car, now + DAY, now=now + 15 * DAY).left_out == [LeftOut.NOT_ACTIVATED]


def test_T1_an_order_of_the_service_counts_from_its_moment_to_its_end(driven, driving, now, card, gateway):
    driving.is_standard = False
    driving.gives_trial = True
    driving.save(update_fields=["is_standard", "gives_trial"])
    make.subscription(driven, package=driving, term="monthly", gateway=gateway, now=now + DAY)
    assert drive(driven, now + DAY - timedelta(seconds=1), now=now + 2 * DAY).left_out == [LeftOut.NOT_ACTIVATED]
    assert drive(driven, now + DAY).left_out == [None]


def test_D4_an_unknown_car_and_one_without_control_are_nobodys(driven, now):
    stray = said(driven, now + DAY, vin="JTJSAMPLECY999999")
    assert bring(stray, now=now + 2 * DAY).left_out == [LeftOut.NOBODY]
    assert drive(driven, now - DAY, now=now).left_out == [LeftOut.NOBODY]


def test_D4_a_day_in_which_control_moves_has_sums_for_each(driven, owner, stranger, now):
    end_control(driven, now=now + DAY)
    make.verified(stranger, driven.vehicle, now=now + DAY)
    agree(stranger, now=now + DAY)
    before, after = said(driven, now + DAY - timedelta(hours=1)), said(driven, now + DAY, distance_m=100)
    late = bring(after, before, now=now + 3 * DAY)
    assert late.new == 2
    sums = DrivingDay.objects.order_by("pk").values_list("control__account__email", "on", "distance_m")
    assert sorted(sums) == [
        (owner.email, date(2026, 6, 11), 6000),
        (stranger.email, date(2026, 6, 11), 100),
    ]


def test_D4_a_trip_under_way_when_control_moves_is_of_whom_it_began_with(driven, owner, stranger, now):
    end_control(driven, now=now + DAY)
    make.verified(stranger, driven.vehicle, now=now + DAY)
    agree(stranger, now=now + DAY)
    drive(driven, now + DAY - timedelta(minutes=5))
    assert Trip.objects.get().control.account == owner


def test_T1_the_day_is_that_of_the_market(driven, now):
    drive(driven, datetime(2026, 6, 30, 21, 30, tzinfo=UTC))
    assert Trip.objects.get().on == date(2026, 7, 1)


def many(car, now, count: int = 60) -> list[dict]:
    chance = random.Random(7)
    return [
        said(
            car,
            now + DAY + timedelta(minutes=chance.randrange(20_000)),
            distance_m=chance.randrange(60_000),
            acceleration=chance.randrange(10_001) / 100,
            braking=chance.randrange(101),
            constant_speed=chance.choice([None, chance.randrange(101)]),
            score=chance.choice([None, chance.randrange(101)]),
            privacy_mode=chance.choice(["off", "off", "part", "at_end"]),
        )
        for _ in range(count)
    ]


def test_T3_sums_are_those_of_the_rows_however_trips_come(driven, now):
    trips, later = many(driven, now), now + 20 * DAY
    chance = random.Random(8)
    for _ in range(12):
        bring(*chance.sample(trips, 20), now=later)
    bring(*trips, now=later)
    assert Trip.objects.count() == sum(trip["privacy_mode"] != "at_end" for trip in trips)
    assert list(wrong_days()) == []
    call_command("check_trips")


def test_a_batch_needs_a_fixed_number_of_queries(driven, now, django_assert_num_queries):
    with django_assert_num_queries(13):
        bring(*many(driven, now, 5), now=now + 20 * DAY)
    with django_assert_num_queries(13):
        bring(*many(driven, now, 50), now=now + 20 * DAY)


def test_a_damaged_day_is_found_and_mended(driven, now, capsys):
    drive(driven, now + DAY)
    drive(driven, now + 3 * DAY)
    DrivingDay.objects.filter(on=date(2026, 6, 11)).update(distance_m=6001)
    DrivingDay.objects.filter(on=date(2026, 6, 13)).delete()
    control = driven.vehicle.control_periods.get()
    DrivingDay.objects.create(control=control, on=date(2026, 6, 20), trips=1)
    with pytest.raises(CommandError, match="3 days"):
        call_command("check_trips")
    call_command("check_trips", "--mend")
    assert list(wrong_days()) == []


def test_D4_a_trip_outside_of_its_control_is_found(driven, now, capsys):
    drive(driven, now + DAY)
    driven.vehicle.control_periods.update(started_at=now + 2 * DAY)
    assert misplaced().count() == 1
    with pytest.raises(CommandError):
        call_command("check_trips")


def test_trips_go_with_their_sums_when_their_months_are_over(driven, now):
    drive(driven, datetime(2026, 6, 29, 20, tzinfo=UTC))
    drive(driven, datetime(2026, 6, 28, 12, tzinfo=UTC), privacy_mode="at_end")
    drive(driven, datetime(2026, 6, 29, 21, tzinfo=UTC))
    assert forget_trips(now=datetime(2029, 6, 29, 20, tzinfo=UTC)) == 0
    assert forget_trips(now=datetime(2029, 6, 29, 21, tzinfo=UTC)) == 1
    assert [str(trip.on) for trip in Trip.objects.all()] == ["2026-06-30"]
    assert not LeftOutDay.objects.exists()
    assert list(wrong_days()) == []


def test_a_trip_older_than_what_is_kept_does_not_come_back(driven, now):
    late = datetime(2029, 7, 1, 12, tzinfo=UTC)
    assert drive(driven, now + DAY, now=late).left_out == [LeftOut.TOO_OLD]


def test_D3_the_car_s_data_and_the_export_hold_ones_own_trips(driven, owner, stranger, now):
    end_control(driven, now=now + 2 * DAY)
    make.verified(stranger, driven.vehicle, now=now + 2 * DAY)
    agree(stranger, now=now + 2 * DAY)
    for day in (1, 3):
        drive(driven, now + day * DAY, distance_m=1000 * day)
    drive(driven, now + DAY, privacy_mode="at_end")
    rows = {account.email: list(find("trips").rows(own_time(account, driven.vehicle))) for account in (owner, stranger)}
    assert [row["distance_m"] for row in rows[owner.email]] == [1000]
    assert [row["distance_m"] for row in rows[stranger.email]] == [3000]
    assert tuple(rows[owner.email][0]) == find("trips").columns
    names = ("trips", "driving-days", "days-with-trips-left-out")
    exported = {name: list(EXPORTERS[name].rows(owner)) for name in names}
    assert [row["distance_m"] for row in exported["trips"]] == [1000]
    assert [row["trips"] for row in exported["driving-days"]] == [1]
    assert [row["reason"] for row in exported["days-with-trips-left-out"]] == ["privacy_mode"]


def test_A6_a_closed_account_leaves_no_trips(driven, owner, now):
    drive(driven, now + DAY)
    drive(driven, now + DAY, privacy_mode="at_end")
    with transaction.atomic():
        forget_trips_of(owner, now + 2 * DAY)
    assert (Trip.objects.count(), DrivingDay.objects.count(), LeftOutDay.objects.count()) == (0, 0, 0)


def test_the_demo_has_trips_of_the_cars_whose_service_runs(market):
    begun = timezone.now() - timedelta(days=60)
    owner = make.account("andreas@example.com", market=market, now=begun)
    make.consent_wordings(market)
    make.active_car(owner, now=begun)
    call_command("bring_sample_trips")
    count = Trip.objects.count()
    assert count > 60
    assert Trip.objects.filter(is_partial=True).exists()
    call_command("bring_sample_trips")
    assert (Trip.objects.count(), list(wrong_days())) == (count, [])


def test_no_sample_trips_come_into_production(settings, market):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="demo"):
        call_command("bring_sample_trips")
