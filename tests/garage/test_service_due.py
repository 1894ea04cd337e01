"""Maintenance in the calendar, and its reminders: once for each due (G8, N2)."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from icalendar import Calendar

from accounts.actions.calendar import make_address
from accounts.calendar import rendered
from accounts.models import Notice
from garage.actions.leave import end_membership
from garage.notices.maintenance import remind_of_maintenance
from garage.tasks import remind_of_service
from tests import make


@pytest.fixture
def plan(market):
    return make.maintenance_plan(market)


@pytest.fixture
def car(owner):
    """Its warranty began on 1 July 2025."""
    return make.active_car(owner, warranty_start=date(2025, 7, 1))


def on(year, month, day):
    return datetime(year, month, day, 6, 0, tzinfo=UTC)


def in_calendar(account, now=make.NOW):
    made = Calendar.from_ical(rendered(make_address(account=account, now=now, by=account), now=now))
    return {str(event["UID"]): (event.decoded("DTSTART"), str(event["SUMMARY"])) for event in made.walk("VEVENT")}


def told():
    return [(n.event_on, n.facts["works"]) for n in Notice.objects.filter(kind="service_due").order_by("event_on")]


def test_G8_what_is_due_and_the_end_of_the_warranty_stand_in_the_calendar(owner, car, plan):
    assert sorted(in_calendar(owner).values()) == [
        (date(2026, 7, 1), "Service due: Service (NX 350h)"),
        (date(2027, 7, 1), "Service due: Brake fluid (NX 350h)"),
        (date(2028, 6, 30), "Last day of the warranty (NX 350h)"),
    ]


def test_after_the_service_the_same_event_stands_on_its_next_day(owner, car, plan):
    before = in_calendar(owner)
    make.service_entry(car)
    after = in_calendar(owner)
    assert before.keys() == after.keys()
    assert (date(2027, 3, 2), "Service due: Service (NX 350h)") in after.values()


def test_neither_plate_nor_vin_is_in_the_calendar(owner, car, plan):
    feed = rendered(make_address(account=owner, now=make.NOW, by=owner), now=make.NOW).decode()
    assert car.vehicle.vin not in feed
    assert car.vehicle.plate not in feed


def test_G11_a_car_without_proved_access_has_nothing_in_the_calendar(car, plan, stranger):
    make.linked(stranger, car.vehicle)
    assert in_calendar(stranger) == {}


@pytest.mark.parametrize(
    ("now", "is_told"),
    [(on(2026, 5, 31), False), (on(2026, 6, 1), True), (on(2026, 7, 1), True), (on(2026, 7, 2), False)],
)
def test_G8_a_reminder_goes_out_thirty_days_before_late_rather_than_never(car, plan, now, is_told):
    remind_of_maintenance(now=now)
    assert told() == ([(date(2026, 7, 1), ["Service"])] if is_told else [])


def test_N2_each_due_is_told_once_and_the_next_one_again(car, plan):
    for now in (on(2026, 6, 1), on(2026, 6, 2)):
        remind_of_maintenance(now=now)
    make.service_entry(car, done_on=date(2026, 6, 10), items=["service"], odometer_km=24_000)
    for now in (on(2026, 6, 12), on(2027, 5, 20)):
        remind_of_maintenance(now=now)
    assert told() == [(date(2026, 7, 1), ["Service"]), (date(2027, 6, 10), ["Service"])]


def test_what_falls_due_on_the_same_day_is_told_together(owner, plan):
    make.active_car(owner, warranty_start=date(2024, 7, 1))
    plan.items.filter(code="service").update(every_months=24)
    remind_of_maintenance(now=on(2026, 6, 10))
    assert told() == [(date(2026, 7, 1), ["Service", "Brake fluid"])]


def test_only_who_controls_the_car_is_told_in_their_language(car, plan, owner, stranger):
    make.verified(stranger, car.vehicle)
    owner.language = "el"
    owner.save(update_fields=["language"])
    with translation.override("en"):
        remind_of_maintenance(now=on(2026, 6, 10))
    notice = Notice.objects.get(kind="service_due")
    assert (notice.account, notice.facts["works"]) == (owner, ["Σέρβις"])
    assert notice.facts["url"].startswith("/el/")


def test_nobody_is_told_of_a_car_that_has_left(car, plan, owner):
    end_membership(car, now=make.NOW, by=owner)
    remind_of_maintenance(now=on(2026, 6, 10))
    assert told() == []


def test_the_sweep_reads_many_cars_in_a_few_queries(owner, plan, django_assert_max_num_queries):
    for number in range(1, 6):
        make.active_car(owner, number, warranty_start=date(2025, 7, 1))
    remind_of_maintenance(now=on(2026, 6, 10))
    assert len(told()) == 5
    with django_assert_max_num_queries(9):
        remind_of_maintenance(now=on(2026, 6, 11))


def test_the_task_reads_the_clock_and_sweeps(car, plan):
    remind_of_service()
    assert len(told()) <= 1
