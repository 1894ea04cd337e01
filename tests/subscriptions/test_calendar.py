"""What the calendar has of services and cards: figures of S4, S5, X5, C4, W6."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from accounts.actions.calendar import make_address
from accounts.calendar import rendered
from subscriptions.actions.cancel import cancel
from subscriptions.actions.entitle import activate_complimentary
from tests import make

JANUARY = datetime(2026, 1, 10, 10, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return JANUARY


def in_calendar(account, now):
    """Days and titles, read as a calendar program reads them."""
    made = Calendar.from_ical(rendered(make_address(account=account, now=now, by=account), now=now))
    return [(event.decoded("DTSTART"), str(event["SUMMARY"])) for event in made.walk("VEVENT")]


@pytest.fixture
def car(owner, now):
    return make.active_car(owner, now=now)


@pytest.fixture
def card(owner, gateway, now):
    return make.card(owner, gateway=gateway, now=now)


@pytest.fixture
def in_trial(car, card, navigation, gateway, now):
    return make.subscription(car, package=navigation, gateway=gateway, now=now)


def test_S4_activated_on_10_january_with_a_trial_the_first_charge_is_on_10_february(owner, in_trial, card, now):
    assert in_calendar(owner, now) == [
        (date(2026, 1, 24), "Last day to withdraw: Navigation (NX 350h)"),
        (date(2026, 2, 10), "Charge of €99.00: Navigation (NX 350h)"),
        (date(2026, 2, 10), "Free month ends: Navigation (NX 350h)"),
        (date(2027, 2, 10), "Charge of €99.00: Navigation (NX 350h)"),
        (date(2056, 12, 31), f"Card ending in {card.last4} expires"),
    ]


def test_the_same_event_has_the_same_id_the_next_day(owner, in_trial, now):
    feed = make_address(account=owner, now=now, by=owner)
    first, later = (
        {str(event["UID"]) for event in Calendar.from_ical(rendered(feed, now=moment)).walk("VEVENT")}
        for moment in (now, now + timedelta(days=1))
    )
    assert first == later
    assert rendered(feed, now=now) == rendered(feed, now=now)


def test_S5_monthly_charges_of_a_year_stand_there_by_the_activation_date(owner, car, card, digital_key, gateway):
    last_of_january = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)
    make.subscription(car, package=digital_key, term="monthly", gateway=gateway, now=last_of_january)
    charges = [day for day, title in in_calendar(owner, last_of_january) if title.startswith("Charge of €5.00")]
    assert charges[:3] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert charges[-1] == date(2027, 2, 28)


def test_X2_cancelled_in_the_trial_it_ends_and_nothing_is_charged(owner, in_trial, now):
    cancel(subscription=in_trial, confirmed=None, now=now, by=owner)
    titles = [title for _day, title in in_calendar(owner, now)]
    assert "Free month ends: Navigation (NX 350h)" in titles
    assert not [title for title in titles if title.startswith("Charge")]


def test_X4_a_cancelled_plan_ends_on_its_day_and_is_charged_no_more(owner, car, card, digital_key, gateway, now):
    paid = make.subscription(car, package=digital_key, gateway=gateway, now=now)
    cancel(subscription=paid, confirmed=None, now=now + timedelta(days=100), by=owner)
    assert in_calendar(owner, now + timedelta(days=100))[0] == (date(2026, 5, 10), "Ends: Digital-Key (NX 350h)")


def test_C4_the_end_of_the_free_years_stands_there(owner, car, market, now):
    # Twelve years from the warranty start on 15 March 2018.
    remote = make.package("remote", market=market, capabilities=["remote"], complimentary_months={"default": 144})
    activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner)
    assert in_calendar(owner, now) == [(date(2030, 3, 15), "Free period ends: Remote (NX 350h)")]


def test_the_car_is_called_as_its_owner_calls_it_and_neither_vin_nor_plate_is_said(owner, car, in_trial, now):
    car.nickname = "Kitty"
    car.save(update_fields=["nickname"])
    said = rendered(make_address(account=owner, now=now, by=owner), now=now).decode()
    assert "Navigation (Kitty)" in said
    assert car.vehicle.vin not in said
    assert car.vehicle.plate not in said


def test_the_calendar_is_asked_of_the_database_a_few_times_only(owner, in_trial, now, django_assert_max_num_queries):
    feed = make_address(account=owner, now=now, by=owner)
    with django_assert_max_num_queries(14):
        rendered(feed, now=now)
