"""What is told before it happens, each once: the warranty's days, recalls, trips that are about to go (G8, T1, N2)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from accounts.models import Notice
from accounts.notices.texts import body, link, subject
from garage.actions.service_history import enter_service
from garage.models import RecallDone
from garage.notices.recalls import tell_of_recalls
from garage.notices.trips_going import tell_before_trips_go
from garage.notices.warranty import remind_of_warranty
from garage.rules.trips import KEPT_MONTHS
from garage.tasks import remind_of_service, tell_of_open_recalls, tell_of_trips_that_go
from portal.months import add_months
from tests import make
from tests.garage.driving import agree, drive, driving_package

NOW = make.NOW
DAY = timedelta(days=1)


def notices(kind):
    return list(Notice.objects.filter(kind=kind).order_by("account", "event_on"))


def at(day):
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)


# Warranty


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2026, 6, 1), []),
        (date(2026, 6, 5), [(date(2026, 7, 5), 1)]),
        (date(2026, 7, 5), [(date(2026, 7, 5), 1)]),
        (date(2026, 7, 6), []),
        # Its third year is its last: its last day alone is told.
        (date(2028, 6, 10), [(date(2028, 7, 4), None)]),
        (date(2029, 6, 10), [(date(2029, 7, 5), 4)]),
    ],
)
def test_G8_the_warranty_is_reminded_of_thirty_days_before_its_anniversary_and_its_end(owner, market, today, told):
    make.maintenance_plan(market)
    make.active_car(owner, warranty_start=date(2025, 7, 5))
    for _run in range(2):
        remind_of_warranty(now=at(today))
    assert [(notice.event_on, notice.facts["years"]) for notice in notices("warranty")] == told


def test_the_next_day_reminds_of_nothing_twice(owner, market):
    make.active_car(owner, warranty_start=date(2025, 7, 5))
    for day in (date(2026, 6, 5), date(2026, 6, 6), date(2026, 6, 20)):
        remind_of_warranty(now=at(day))
    (notice,) = notices("warranty")
    assert subject(notice) == "NX 350h: 1 year of warranty on 5 July 2026"


# Recalls


def test_G8_an_open_recall_is_told_once_to_whoever_controls_the_car(owner, car, stranger, market):
    make.verified(stranger, car.vehicle)
    make.active_car(stranger, 2, model="UX 250h")
    recall = make.recall(market)
    for day in range(3):
        tell_of_recalls(now=NOW + day * DAY)
    (notice,) = notices("recall")
    assert (notice.account, notice.event_on) == (owner, recall.opened_on)
    assert subject(notice) == "Recall of your NX 350h: Bracket of the cable"
    assert "26SMP01" in body(notice)
    with translation.override("el"):
        assert "/el/" in link(notice).path


def test_G8_a_recall_that_was_carried_out_or_taken_back_is_not_told(owner, car, market):
    recall = make.recall(market)
    RecallDone.objects.create(recall=recall, vehicle=car.vehicle, done_on=NOW.date())
    make.recall(market, code="OLD", is_active=False)
    tell_of_recalls(now=NOW)
    assert notices("recall") == []
    make.recall(market, code="BY-VIN", for_models=[], vins=[car.vehicle.vin])
    tell_of_recalls(now=NOW)
    assert [notice.facts["recall_code"] for notice in notices("recall")] == ["BY-VIN"]


# Trips


@pytest.fixture
def driver(market):
    """Since 2024 at the wheel."""
    driving_package(market)
    begun = datetime(2024, 1, 10, 9, tzinfo=UTC)
    account = make.account("driver@example.com", market=market, now=begun)
    agree(account, now=begun)
    return make.active_car(account, now=begun)


def drive_on(car, *days):
    for day in days:
        drive(car, at(day))


def test_T1_the_quarters_trips_are_told_once_thirty_days_before_the_first_of_them_go(driver):
    drive_on(driver, date(2024, 8, 20), date(2024, 9, 1), date(2024, 10, 3))
    last_quiet_day = add_months(date(2024, 8, 20), KEPT_MONTHS) - timedelta(days=30)
    tell_before_trips_go(now=at(last_quiet_day))
    assert notices("trips_going") == []
    for day in range(1, 40):
        if day % 9 == 1:
            tell_before_trips_go(now=at(last_quiet_day + day * DAY))
    (notice,) = notices("trips_going")
    assert subject(notice) == "NX 350h KAA001: your oldest trips are deleted from 21 August 2027 on"
    assert "Those up to 30 September 2024 follow day by day" in body(notice)
    assert link(notice).path == f"/en/garage/{driver.public_id}/data/"
    tell_before_trips_go(now=at(date(2027, 9, 10)))
    assert [row.facts["oldest_on"] for row in notices("trips_going")] == ["2024-08-20", "2024-10-03"]


def test_D4_whoever_had_control_before_is_told_of_its_own_trips_alone(driver, stranger):
    drive_on(driver, date(2024, 7, 1))
    tell_before_trips_go(now=at(date(2027, 6, 10)))
    assert [notice.account for notice in notices("trips_going")] == [driver.account]


def test_nobody_is_told_of_trips_that_are_gone_or_stay(driver):
    drive_on(driver, date(2024, 6, 1), date(2024, 9, 1))
    tell_before_trips_go(now=at(date(2027, 7, 1)))
    assert notices("trips_going") == []


def test_the_days_sweeps_can_be_run(owner, car, market):
    make.maintenance_plan(market)
    make.recall(market)
    enter_service(
        membership=car, done_on=NOW.date(), odometer_km=24_500, items=["service"], works=[], now=NOW, by=owner
    )
    for task in (remind_of_service, tell_of_open_recalls, tell_of_trips_that_go):
        task()
    assert len(notices("recall")) == 1


def test_six_cars_are_swept_with_as_many_queries_as_one(owner, car, market, django_assert_max_num_queries):
    make.recall(market)
    for number in range(2, 7):
        make.active_car(owner, number)
    tell_of_recalls(now=NOW)
    assert len(notices("recall")) == 6
    with django_assert_max_num_queries(6):
        tell_of_recalls(now=NOW + DAY)
