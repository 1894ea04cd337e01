"""What ends with a car ends in one transaction, or nothing does: one row that cannot be written stops all (G6, V4)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from django.db import OperationalError, connection, transaction

from garage.models import ControlTransfer, Membership
from subscriptions.actions.control import consent, request_control
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.sell import begin_sale, remove_sold_vehicle, sale_removal
from subscriptions.models import Payment, Refund, Subscription
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
NOW = make.NOW


@pytest.fixture
def three(car, card, market, gateway) -> list[Subscription]:
    """Three yearly subscriptions, each paid today."""
    packages = [make.package(code, market=market, prices={"yearly": "60.00"}) for code in ("one", "two", "three")]
    return [make.subscription(car, package=package, gateway=gateway) for package in packages]


@contextmanager
def held(payment: Payment) -> Iterator[None]:
    """Somebody else holds the row, and whoever waits for it gives up soon."""
    is_held, may_go = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Payment.objects.select_for_update().get(pk=payment.pk)
            is_held.set()
            may_go.wait(timeout=30)
        connection.close()

    with ThreadPoolExecutor(max_workers=1) as threads:
        holding = threads.submit(hold)
        assert is_held.wait(timeout=30)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        try:
            yield
        finally:
            may_go.set()
            holding.result()
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")


def running() -> int:
    return Subscription.objects.live().count()


def test_G6_removing_a_car_with_three_subscriptions_ends_all_or_nothing(car, three):
    with held(three[-1].payments.get()), pytest.raises(OperationalError, match="lock timeout"):
        remove_vehicle(membership=car, confirmed=None, now=NOW, by=car.account)
    assert (running(), Refund.objects.count(), Membership.objects.current().count()) == (3, 0, 1)
    remove_vehicle(membership=car, confirmed=None, now=NOW, by=car.account)
    assert (running(), Refund.objects.count(), Membership.objects.current().count()) == (0, 3, 0)


def test_L1_a_car_that_is_sold_leaves_with_all_that_reaches_it_or_nothing_does(car, three, market):
    make.verified(make.account("spouse@example.com", market=market), car.vehicle)
    sale = begin_sale(membership=car, now=NOW, by=car.account)
    facts = {"sale": sale, "confirmed": sale_removal(car, now=NOW), "now": NOW, "by": car.account}
    with held(three[-1].payments.get()), pytest.raises(OperationalError, match="lock timeout"):
        remove_sold_vehicle(**facts)
    assert (running(), Refund.objects.count(), Membership.objects.current().count()) == (3, 0, 2)
    remove_sold_vehicle(**facts)
    assert (running(), Refund.objects.count(), Membership.objects.current().count()) == (0, 3, 0)


def test_V4_control_moves_with_all_that_it_ends_or_stays(car, three, market):
    buyer = make.account("buyer@example.com", market=market)
    asked = request_control(membership=make.verified(buyer, car.vehicle), now=NOW, by=buyer)
    with held(three[-1].payments.get()), pytest.raises(OperationalError, match="lock timeout"):
        consent(transfer=asked, confirmed=None, now=NOW, by=car.account)
    car.refresh_from_db()
    assert (running(), Refund.objects.count(), car.is_active) == (3, 0, True)
    assert ControlTransfer.objects.get().is_open
    consent(transfer=asked, confirmed=None, now=NOW, by=car.account)
    car.refresh_from_db()
    assert (running(), Refund.objects.count(), car.is_active) == (0, 3, False)
