"""D4: what arose in an account's time of control is its own, and nobody else's."""

from datetime import timedelta

import pytest

from garage import own_time
from garage.actions.unlink import end_control
from garage.models import AccessTry, Membership
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def sold(car, stranger, now):
    """The owner had the car for ten days, then nobody for a day, then the stranger."""
    end_control(car, now=now + 10 * DAY)
    make.verified(stranger, car.vehicle, now=now + 11 * DAY)
    return car.vehicle


def days_of(account, vehicle, *, now):
    """On which days the account's own rows arose, of rows of the whole fortnight."""
    mine = own_time.own(AccessTry.objects.all(), account=account, vehicle=vehicle, field="at")
    return sorted((row.at - now).days for row in mine if row.account.email == "tries@example.com")


@pytest.fixture
def fortnight(sold, market, now):
    someone = make.account("tries@example.com", market=market)
    for day in range(14):
        AccessTry.objects.create(account=someone, vehicle=sold, at=now + day * DAY, is_right=False)
    return sold


def test_D4_the_seller_keeps_its_own_and_sees_nothing_later(fortnight, owner, now):
    assert days_of(owner, fortnight, now=now) == list(range(10))


def test_D4_the_buyer_sees_nothing_from_before_its_start(fortnight, stranger, now):
    assert days_of(stranger, fortnight, now=now) == [11, 12, 13]


def test_D4_a_linked_account_without_control_has_no_own_time(fortnight, market, now):
    linked = make.linked(make.account("third@example.com", market=market), fortnight, now=now)
    assert days_of(linked.account, fortnight, now=now) == []


def test_D4_another_car_is_not_in_it(fortnight, owner, now):
    other = make.active_car(owner, 2)
    assert days_of(owner, other.vehicle, now=now) == []


def test_D4_each_moment_has_one_owner(fortnight, owner, stranger, now):
    moments = [now - DAY, now, now + 9 * DAY, now + 10 * DAY, now + 11 * DAY, now + 99 * DAY]
    owners = [own_time.owner_at(fortnight, moment) for moment in moments]
    assert owners == [None, owner.pk, owner.pk, None, stranger.pk, stranger.pk]
    assert Membership.objects.filter(vehicle=fortnight, is_active=True).count() == 1
