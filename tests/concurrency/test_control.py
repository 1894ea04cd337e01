"""Control of a car goes to one account, whatever comes together, and the ledger adds up afterwards (V4, S7)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from garage.actions.drivers import accept_driving, invite_driver
from garage.models import ControlPeriod, ControlTransfer, DriverAccess, Membership
from garage.rules.control import State
from portal.refusals import Refusal
from subscriptions.actions.begin import begin
from subscriptions.actions.control import consent, meet_deadline, request_control, withdraw_request
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.offer_control import accept_offer, call_off_offer, offer_control
from subscriptions.actions.send import send
from subscriptions.models import Payment, Refund, Subscription
from tests import make
from tests.lock_waits import wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)
NOW = make.NOW


@pytest.fixture(autouse=True)
def _counted_anew():
    cache.clear()


@pytest.fixture
def paid(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def buyers(market, car):
    people = [make.account(f"buyer{number}@example.com", market=market) for number in range(4)]
    return [make.verified(person, car.vehicle) for person in people]


def all_at_once(*acts) -> list[str]:
    """What each act answered, in their order; all begun at the same moment, each with a connection of its own."""
    barrier = Barrier(len(acts))

    def run(act) -> str:
        try:
            barrier.wait(timeout=30)
            act()
            return "done"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return list(threads.map(run, acts))


def active(car: Membership) -> list[str]:
    rows = Membership.objects.current().filter(vehicle=car.vehicle, is_active=True)
    emails = list(rows.values_list("account__email", flat=True))
    periods = ControlPeriod.objects.filter(vehicle=car.vehicle, ended_at__isnull=True)
    assert list(periods.values_list("account__email", flat=True)) == emails
    return emails


def test_V4_accounts_that_take_control_at_once_leave_one_active(car, buyers):
    said = all_at_once(*[lambda b=b: request_control(membership=b, now=NOW, by=b.account) for b in buyers])
    assert len(active(car)) == 1
    # Whoever came later asked the one before, or had looked before it changed.
    assert set(said) <= {"done", "quote_changed"}
    assert not ControlTransfer.objects.open().exists()


def test_V4_of_two_consents_to_two_requests_one_moves_control(car, paid, buyers):
    asked = [request_control(membership=b, now=NOW, by=b.account) for b in buyers[:2]]
    said = all_at_once(*[lambda t=t: consent(transfer=t, confirmed=None, now=NOW, by=car.account) for t in asked])
    assert sorted(said) == ["done", "transfer_over"]
    assert len(active(car)) == 1
    assert sorted(ControlTransfer.objects.values_list("state", flat=True)) == [State.MOVED, State.OVERTAKEN]
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("turn", range(4))
def test_V4_an_acceptance_and_the_calling_off_of_the_offer_do_not_both_hold(car, paid, buyers, turn):
    taker = buyers[0]
    offer = offer_control(membership=car, email=taker.account.email, confirmed=None, now=NOW, by=car.account)
    said = all_at_once(
        lambda: accept_offer(transfer=offer, now=NOW, by=taker.account),
        lambda: call_off_offer(transfer=offer, now=NOW, by=car.account),
    )
    offer.refresh_from_db()
    if said == ["done", "transfer_over"]:
        assert (active(car), offer.state) == ([taker.account.email], State.MOVED)
    else:
        assert said == ["transfer_over", "done"]
        assert (active(car), offer.state, Refund.objects.count()) == (["owner@example.com"], State.CALLED_OFF, 0)


def test_V4_a_deadline_that_many_workers_meet_moves_control_once(car, paid, buyers):
    asked = request_control(membership=buyers[0], now=NOW, by=buyers[0].account)
    late = asked.due_at
    withdrawn = lambda: withdraw_request(transfer=asked, now=late, by=buyers[0].account)  # noqa: E731
    said = all_at_once(*[lambda: meet_deadline(transfer_id=asked.pk, now=late)] * 4, withdrawn)
    asked.refresh_from_db()
    assert said[:4] == ["done"] * 4
    assert asked.state in {State.MOVED, State.CALLED_OFF}
    assert Refund.objects.count() == (1 if asked.state == State.MOVED else 0)


def test_V4_removing_the_car_and_consenting_at_once_end_what_runs_once(car, paid, buyers):
    asked = request_control(membership=buyers[0], now=NOW, by=buyers[0].account)
    said = all_at_once(
        lambda: consent(transfer=asked, confirmed=None, now=NOW, by=car.account),
        lambda: remove_vehicle(membership=car, confirmed=None, now=NOW, by=car.account),
    )
    assert said[1] == "done"
    assert active(car) == [buyers[0].account.email]
    assert Refund.objects.count() == 1


def test_X11_a_charge_in_the_air_while_control_moves_is_refunded_whole(car, card, navigation, buyers, gateway):
    """The free month is over; the charge has left when control moves, and its answer comes after it."""
    subscription = make.subscription(car, package=navigation, gateway=gateway)
    due = NOW + make.days(30)
    [payment] = begin([subscription.pk], now=due).payments
    asked = request_control(membership=buyers[0], now=due, by=buyers[0].account)
    said = all_at_once(
        lambda: consent(transfer=asked, confirmed=None, now=due, by=car.account),
        lambda: send(payment, now=due, gateway=gateway),
    )
    assert said == ["done", "done"]
    assert active(car) == [buyers[0].account.email]
    assert Subscription.objects.get().status == "ended"
    assert Payment.objects.get().status == "succeeded"
    assert sum(refund.amount for refund in Refund.objects.all()) == Payment.objects.get().amount


def test_S7_an_order_while_control_moves_is_refused_or_ended_with_it(car, card, digital_key, buyers, gateway):
    said = all_at_once(
        lambda: make.subscription(car, package=digital_key, gateway=gateway),
        lambda: request_control(membership=buyers[0], now=NOW, by=buyers[0].account),
    )
    # Ordered first, it makes the request wait; moved first, there is nothing to order for.
    running = Subscription.objects.live().filter(vehicle=car.vehicle)
    assert said[1] == "done"
    assert [row.account.email for row in running] == (active(car) if said[0] == "done" else [])


def test_G12_an_invitation_is_accepted_once_by_two_browsers(car, market):
    driver = make.account("driver@example.com", market=market)
    access = invite_driver(membership=car, email=driver.email, last_on=None, now=NOW, by=car.account)
    said = all_at_once(*[lambda: accept_driving(access=access, now=NOW, by=driver)] * 6)
    assert sorted(said) == ["done"] + ["invitation_over"] * 5
    assert Membership.objects.filter(account=driver).count() == 1


def test_G12_control_that_moves_while_a_driver_accepts_leaves_no_driver_behind(car, buyers, market):
    driver = make.account("driver@example.com", market=market)
    access = invite_driver(membership=car, email=driver.email, last_on=None, now=NOW, by=car.account)
    said = all_at_once(
        lambda: accept_driving(access=access, now=NOW, by=driver),
        lambda: request_control(membership=buyers[0], now=NOW, by=buyers[0].account),
    )
    if said[1] == "quote_changed":
        # The driver came between the look and the lock, and whoever asks is asked again.
        request_control(membership=buyers[0], now=NOW, by=buyers[0].account)
    assert DriverAccess.objects.get().ended_at is not None
    assert not Membership.objects.current().filter(account=driver).exists()


def test_G12_a_driver_who_comes_between_the_look_and_the_lock_is_not_passed_over(car, market):
    driver = make.account("driver@example.com", market=market)
    access = invite_driver(membership=car, email=driver.email, last_on=None, now=NOW, by=car.account)
    with ThreadPoolExecutor(max_workers=1) as threads:
        with transaction.atomic():
            accept_driving(access=access, now=NOW, by=driver)
            leaving = threads.submit(
                all_at_once, lambda: remove_vehicle(membership=car, confirmed=None, now=NOW, by=car.account)
            )
            with connection.cursor() as cursor:
                wait_until_somebody_waits(cursor)
        assert leaving.result(timeout=60) == ["quote_changed"]
    assert active(car) == ["owner@example.com"]
