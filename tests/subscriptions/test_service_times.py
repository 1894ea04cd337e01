"""When a service ran, for whoever asks below: by subscriptions, or as a standard service (T4, C3)."""

from datetime import UTC, datetime, timedelta

import pytest

from garage.rules.trips import SERVICE, Span
from garage.service_times import times_of
from subscriptions.actions.cancel import cancel
from subscriptions.actions.end import end_if_reached
from subscriptions.actions.leave import remove_vehicle
from tests import make
from tests.garage.driving import DAY, driving_package

pytestmark = pytest.mark.django_db


@pytest.fixture
def driving(market):
    """To be ordered, with a free month."""
    return driving_package(market, is_standard=False, gives_trial=True)


@pytest.fixture
def ordered(car, driving, card, gateway, now):
    return make.subscription(car, package=driving, term="monthly", gateway=gateway, now=now)


def times(car, now):
    pair = (car.account_id, car.vehicle_id)
    return times_of(SERVICE, [pair], now=now)[pair]


def test_T4_it_runs_from_the_order_on(car, ordered, now):
    assert times(car, now + DAY) == [Span(now)]


def test_T4_one_with_an_end_runs_until_the_midnight_of_its_first_day_without(car, ordered, owner, now):
    cancel(subscription=ordered, confirmed=None, now=now + DAY, by=owner)
    # The free month from 10 June; midnight in Nicosia.
    assert times(car, now + 2 * DAY) == [Span(now, datetime(2026, 7, 9, 21, tzinfo=UTC))]


def test_T4_the_run_that_carries_an_end_out_does_not_move_it(car, ordered, owner, now):
    cancel(subscription=ordered, confirmed=None, now=now + DAY, by=owner)
    assert end_if_reached(subscription_id=ordered.pk, now=now + 30 * DAY)
    assert times(car, now + 31 * DAY) == [Span(now, datetime(2026, 7, 9, 21, tzinfo=UTC))]


def test_T4_one_that_ended_at_once_ran_until_then(car, ordered, owner, now):
    remove_vehicle(membership=car, confirmed=None, now=now + DAY, by=owner)
    assert times(car, now + 2 * DAY) == [Span(now, now + DAY)]


def test_T4_what_was_never_ordered_never_ran(car, driving, now):
    assert times(car, now) == []


def test_T4_another_service_is_not_it(car, card, gateway, navigation, now):
    make.subscription(car, package=navigation, gateway=gateway, now=now)
    assert times(car, now + DAY) == []


def test_C3_a_standard_service_runs_since_the_terms_were_accepted_in_each_car_that_can_have_it(market, car, owner, now):
    driving_package(market, capabilities=["driving_analytics"])
    able = make.active_car(owner, 2, capabilities=["driving_analytics"])
    assert times(car, now) == []
    assert times(able, now + timedelta(days=1)) == [Span(now)]
