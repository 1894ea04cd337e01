"""Free years that nobody took up are told of as well, by a sweep that catches up and tells once (C5)."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Notice
from portal.models import OutboxMessage
from subscriptions.actions.cancel import cancel
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.run import charging_run, tell_what_is_coming
from tests import make

# They end on 1 August 2026.
BEGAN = date(2022, 8, 1)


@pytest.fixture
def remote(market):
    return make.package("remote", market=market, complimentary_months={"default": 48}, capabilities=["remote"])


@pytest.fixture
def free_car(owner, remote):
    return make.active_car(owner, warranty_start=BEGAN)


@pytest.fixture
def sweep(market):
    def at(month: int, day: int) -> list[str]:
        tell_what_is_coming(market=market, now=moment(month, day))
        return list(Notice.objects.order_by("pk").values_list("kind", flat=True))

    return at


def moment(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def take_up(car, package, *, on: tuple[int, int]):
    account = car.account
    return activate_complimentary(account=account, vehicle=car.vehicle, package=package, now=moment(*on), by=account)


def test_C5_told_thirty_days_before_and_on_the_end_once(free_car, sweep):
    assert sweep(7, 1) == []
    assert sweep(7, 2) == ["complimentary_ending"]
    assert sweep(7, 31) == ["complimentary_ending"]
    assert sweep(8, 1) == ["complimentary_ending", "complimentary_ended"]
    assert sweep(8, 2) == ["complimentary_ending", "complimentary_ended"]
    notice = Notice.objects.get(kind="complimentary_ended")
    assert [plan["price"] for plan in notice.facts["plans"]] == ["9.90", "99.00", "299.00"]
    assert notice.facts["url"].endswith(f"/services/{free_car.public_id}/remote/order/")
    assert OutboxMessage.objects.filter(handler="notice_mail").count() == 2


def test_C5_after_an_outage_late_rather_than_never(free_car, sweep):
    assert sweep(8, 20) == ["complimentary_ended"]


def test_C5_long_after_the_end_nothing_is_told(free_car, sweep):
    assert sweep(9, 1) == []


def test_C5_taken_up_meanwhile_it_is_not_told_twice(free_car, remote, market, gateway, sweep):
    sweep(7, 2)
    taken = take_up(free_car, remote, on=(7, 5))
    assert sweep(7, 6) == ["complimentary_ending"]
    charging_run(market=market, now=moment(8, 1), gateway=gateway)
    assert sweep(8, 1) == ["complimentary_ending", "complimentary_ended"]
    assert Notice.objects.get(kind="complimentary_ended").subject_key == str(taken.public_id)


def test_C5_told_when_it_was_taken_up_it_is_not_told_twice_after_it_is_given_up(free_car, remote, sweep):
    taken = take_up(free_car, remote, on=(7, 5))
    cancel(subscription=taken, confirmed=None, now=moment(7, 6), by=taken.account)
    assert sweep(7, 7).count("complimentary_ending") == 1


def test_C5_what_the_car_cannot_have_is_not_told_of(owner, market, sweep):
    make.package("wifi", market=market, complimentary_months={"default": 48}, capabilities=["wifi"])
    make.active_car(owner, warranty_start=BEGAN)
    assert sweep(7, 2) == []


def test_C5_only_who_has_control_is_told(free_car, stranger, sweep):
    make.linked(stranger, free_car.vehicle)
    sweep(7, 2)
    assert list(Notice.objects.values_list("account", flat=True)) == [free_car.account_id]


def test_C5_whoever_takes_control_after_the_end_is_not_told_of_it(owner, remote, sweep):
    make.active_car(owner, warranty_start=BEGAN, now=moment(8, 3))
    assert sweep(8, 4) == []


def test_C5_a_car_that_comes_late_is_told_of_at_once(stranger, remote, sweep):
    make.active_car(stranger, warranty_start=BEGAN, now=moment(7, 30))
    assert sweep(7, 30) == ["complimentary_ending"]
