"""C5: a free period ends whether or not it was taken up, and the account that controls the car is told, once."""

from datetime import date

import pytest

from accounts.models import Notice
from accounts.notices import texts as notice_texts
from garage.models import Vehicle
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.run import charging_run
from subscriptions.actions.warn_untaken import tell_of_untaken
from tests import make

# The car's warranty began on 1 July 2022: four free years end on 1 July 2026, three on 1 July 2025.
BEGAN_ON, ENDS_ON = date(2022, 7, 1), date(2026, 7, 1)
QUERIES = 15
KINDS = ["complimentary_ending", "complimentary_ended"]


@pytest.fixture
def remote(market):
    return make.package("remote", market=market, complimentary_months={"MM21": 48, "default": 36})


@pytest.fixture
def car(owner, remote):
    car = make.active_car(owner)
    Vehicle.objects.update(warranty_start=None, purchased_on=BEGAN_ON, multimedia="MM21")
    car.vehicle.refresh_from_db()
    return car


def told():
    return list(Notice.objects.filter(kind__in=KINDS).order_by("pk").values_list("kind", "event_on"))


def sweep(market, now, *, days=0):
    tell_of_untaken(market=market, now=now + make.days(days))


def test_C5_the_active_account_is_told_thirty_days_before_and_on_the_day_each_once(car, market, now):
    sweep(market, now, days=-10)
    assert told() == []
    for days in (-9, -8, 0, 20, 21, 21, 30):
        sweep(market, now, days=days)
    assert told() == [("complimentary_ending", ENDS_ON), ("complimentary_ended", ENDS_ON)]
    first, second = Notice.objects.filter(kind__in=KINDS).order_by("pk")
    assert "you have not activated it" in notice_texts.body(first)
    assert "- yearly: €99.00" in notice_texts.body(first)
    assert first.facts["url"].endswith("#remote")
    assert "was not activated" in notice_texts.body(second)


def test_C5_late_rather_than_never_and_not_after_the_end(car, market, now):
    sweep(market, now, days=21)
    assert told() == []


def test_C4_the_generation_decides_how_long_it_is(car, market, now):
    Vehicle.objects.update(multimedia="MM19")
    sweep(market, now)
    assert told() == []
    Vehicle.objects.update(purchased_on=date(2023, 7, 1))
    sweep(market, now)
    assert told() == [("complimentary_ending", ENDS_ON)]


def test_C5_taken_up_after_it_was_told_it_is_not_told_again(car, owner, remote, market, gateway, now):
    sweep(market, now)
    activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner)
    charging_run(market=market, now=now + make.days(1), gateway=gateway)
    assert told() == [("complimentary_ending", ENDS_ON)]
    charging_run(market=market, now=now + make.days(21), gateway=gateway)
    sweep(market, now, days=21)
    assert told() == [("complimentary_ending", ENDS_ON), ("complimentary_ended", ENDS_ON)]


def test_C5_what_is_taken_up_is_told_by_its_own(car, owner, remote, market, now):
    activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner)
    sweep(market, now, days=1)
    assert [kind for kind, _on in told()] == ["complimentary_ending"]


@pytest.mark.parametrize("facts", [{"capabilities": ["wings"]}, {"generations": ["MM17"]}, {"left_out_in": ["CY"]}])
def test_C2_of_what_the_car_cannot_have_nothing_is_told(car, remote, market, now, facts):
    type(remote).objects.update(**facts)
    sweep(market, now)
    assert told() == []


def test_C7_others_with_the_car_are_not_told(car, stranger, market, now):
    make.linked(stranger, car.vehicle)
    Vehicle.objects.update(purchased_on=BEGAN_ON, warranty_start=None, multimedia="MM21")
    sweep(market, now)
    assert set(Notice.objects.filter(kind__in=KINDS).values_list("account__email", flat=True)) == {"owner@example.com"}


def test_the_sweep_asks_as_often_for_many_cars_as_for_one(
    owner, stranger, remote, market, now, django_assert_num_queries
):
    def one_more(account, numbers):
        for number in numbers:
            make.active_car(account, number)
        Vehicle.objects.update(warranty_start=BEGAN_ON, purchased_on=None, multimedia="MM21")

    one_more(owner, [1])
    with django_assert_num_queries(QUERIES):
        sweep(market, now)
    one_more(stranger, [2, 3, 4])
    with django_assert_num_queries(QUERIES):
        sweep(market, now)
    assert len(told()) == 4


def test_C5_a_plan_chosen_ahead_is_named_and_nothing_is_told_when_it_begins(car, card, market, remote, gateway, now):
    market.order_ahead_days = 60
    market.save(update_fields=["order_ahead_days"])
    car.account.refresh_from_db()
    make.subscription(car, package=remote, gateway=gateway)
    sweep(market, now)
    assert "starts on that day, as you ordered it" in notice_texts.body(Notice.objects.get(kind=KINDS[0]))
    sweep(market, now, days=21)
    assert [kind for kind, _on in told()] == ["complimentary_ending"]
