"""Asking for control of a car that another account has (V4, X7)."""

from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Notice
from garage.actions.drivers import accept_driving, invite_driver
from garage.actions.pair import issue_pairing_code, redeem_pairing_code
from garage.actions.prove import prove_access
from garage.models import AccessTry, ControlPeriod, ControlTransfer, DriverAccess
from garage.rules.control import State, Way
from garage.rules.membership import Standing
from subscriptions.actions.cancel import cancel
from subscriptions.actions.control import consent, decide, object_to, request_control, withdraw_request
from subscriptions.actions.control_run import control_run
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.leave import removal_quote, remove_vehicle
from subscriptions.centre.first_steps import first_steps
from subscriptions.models import Refund, Subscription, WorkItem
from tests import make
from tests.refusing import refusal_code
from tests.subscriptions.sharing import in_control, told

NOW = make.NOW
OWNER, BUYER = ["owner@example.com"], ["buyer@example.com"]


@pytest.fixture
def buyer(market):
    return make.account("buyer@example.com", market=market, first_name="Andri")


@pytest.fixture
def paid(car, card, digital_key, gateway):
    """60.00 paid on 10 June for a year."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def asking(buyer, car, now):
    return make.verified(buyer, car.vehicle)


def ask(asking, *, now=NOW) -> ControlTransfer:
    return request_control(membership=asking, now=now, by=asking.account)


def state(transfer: ControlTransfer) -> str:
    return ControlTransfer.objects.get(pk=transfer.pk).state


# At once, or waiting


def test_V4_where_nothing_paid_runs_control_moves_at_once_and_both_are_told(car, asking, owner, buyer):
    transfer = ask(asking)
    assert (transfer.state, in_control(car.vehicle)) == (State.MOVED, BUYER)
    assert (told(owner, "control_moved"), told(buyer, "control_moved")) == ([False], [True])
    car.refresh_from_db()
    assert (car.standing, car.ended_at) == (Standing.VERIFIED, None)


def test_V4_free_years_do_not_hold_control_and_end_with_it(owner, buyer, market, now):
    car = make.active_car(owner, 2, warranty_start=make.NOW.date())
    package = make.package("safety", market=market, complimentary_months={"MM21": 48, "default": 36})
    free = activate_complimentary(account=owner, vehicle=car.vehicle, package=package, now=now, by=owner)
    ask(make.verified(buyer, car.vehicle))
    free.refresh_from_db()
    assert (free.status, free.end_reason, free.ends_on) == ("ended", "control_lost", now.date())
    assert activate_complimentary(account=buyer, vehicle=car.vehicle, package=package, now=now, by=buyer).is_live


@pytest.mark.parametrize("package", ["navigation", "digital_key"])
def test_V4_a_trial_or_a_paid_plan_makes_it_wait(request, car, card, gateway, asking, owner, buyer, package):
    make.subscription(car, package=request.getfixturevalue(package), gateway=gateway)
    transfer = ask(asking)
    assert (transfer.state, transfer.due_at) == (State.WAITING, NOW + make.days(3))
    assert in_control(car.vehicle) == OWNER
    assert told(owner, "control_request") == told(buyer, "control_request") == ["asked"]


def test_V4_a_cancelled_plan_that_runs_out_makes_it_wait_until_its_end(paid, car, asking, owner, now):
    now += make.days(1)
    cancel(subscription=paid, confirmed=None, now=now, by=owner)
    assert ask(asking, now=now).is_open
    ended = Subscription.objects.get(pk=paid.pk).ends_on
    withdraw_request(transfer=ControlTransfer.objects.get(), now=now, by=asking.account)
    later = NOW.replace(year=ended.year, month=ended.month, day=ended.day)
    assert ask(asking, now=later).state == State.MOVED


def test_V4_the_market_says_how_long_it_waits(paid, asking, market):
    market.control_request_days = 5
    market.save(update_fields=["control_request_days"])
    asking.refresh_from_db()
    assert ask(asking).due_at == NOW + make.days(5)


def test_V4_asking_twice_is_asking_once(paid, asking):
    assert ask(asking).pk == ask(asking).pk


def test_V4_three_requests_for_a_car_in_a_day(paid, asking):
    for _ in range(3):
        withdraw_request(transfer=ask(asking), now=NOW, by=asking.account)
    assert refusal_code(ask, asking=asking) == "too_many"
    assert ask(asking, now=NOW + make.days(1)).is_open


def test_V4_the_database_knows_one_open_request_of_an_account_and_car(paid, asking):
    first = ask(asking)
    with pytest.raises(IntegrityError, match="control_one_open_request_of_an_account"), transaction.atomic():
        ControlTransfer.objects.create(
            vehicle=first.vehicle, way=Way.REQUEST, giver=first.giver, taker=first.taker, begun_at=NOW, due_at=NOW
        )


def test_V4_a_request_needs_proved_access(car, buyer, paid):
    assert refusal_code(ask, asking=make.linked(buyer, car.vehicle)) == "not_verified"


def test_V4_a_driver_proves_access_before_asking(car, buyer, paid, now):
    access = invite_driver(membership=car, email=buyer.email, last_on=None, now=now, by=car.account)
    driving = accept_driving(access=access, now=now, by=buyer)
    assert refusal_code(ask, asking=driving) == "not_verified"


def test_V4_who_handed_control_over_proves_access_anew_before_asking_for_it_back(car, asking, owner):
    later = NOW + make.days(1)
    ask(asking, now=later)
    car.refresh_from_db()
    assert refusal_code(ask, asking=car, now=later) == "proof_too_old"
    assert in_control(car.vehicle) == BUYER
    prove_access(membership=car, odometer_km=make.ODOMETER_KM, now=later, by=owner)
    assert (ask(car, now=later).state, in_control(car.vehicle)) == (State.MOVED, OWNER)


def test_V4_a_proof_under_an_earlier_control_gives_no_claim_on_the_present_one(car, asking, market):
    third = make.verified(make.account("third@example.com", market=market), car.vehicle)
    ask(asking, now=NOW + make.days(1))
    assert refusal_code(ask, asking=third, now=NOW + make.days(2)) == "proof_too_old"
    code = issue_pairing_code(vin=car.vehicle.vin, now=NOW + make.days(2)).code
    facts = {"address": "192.0.2.1", "now": NOW + make.days(2), "by": third.account}
    redeem_pairing_code(account=third.account, code=code, **facts)
    assert told(asking.account, "access_tried") == [None]
    assert ask(third, now=NOW + make.days(2)).state == State.MOVED


def test_V2_a_verified_account_that_must_prove_anew_has_three_wrong_readings(car, asking):
    ask(asking, now=NOW + make.days(1))
    wrong = {"membership": car, "odometer_km": 1, "now": NOW + make.days(1), "by": car.account}
    codes = [refusal_code(lambda: prove_access(**wrong)) for _try in range(4)]
    assert codes == ["wrong_reading"] * 2 + ["verification_blocked"] * 2
    assert AccessTry.objects.filter(account=car.account, is_right=False).count() == 3


def test_V4_who_has_control_asks_nobody(car):
    assert refusal_code(ask, asking=car) == "is_active"


def test_V4_where_nobody_has_control_it_is_proved_not_asked_for(car, asking):
    remove_vehicle(membership=car, confirmed=None, now=NOW, by=car.account)
    assert refusal_code(ask, asking=asking) == "nobody_active"


# Answers


def test_V4_X10_consent_executes_what_was_shown(paid, car, asking, owner, buyer):
    transfer = ask(asking)
    later = NOW + make.days(2)
    shown = removal_quote(car, now=later)
    consent(transfer=transfer, confirmed=shown, now=later, by=owner)
    assert (state(transfer), in_control(car.vehicle)) == (State.MOVED, BUYER)
    assert shown.refund == Decimal("60.00")
    assert [(refund.amount, refund.basis) for refund in Refund.objects.all()] == [(Decimal("60.00"), "withdrawal")]
    paid.refresh_from_db()
    assert (paid.status, paid.end_reason) == ("ended", "control_lost")
    assert (told(owner, "control_moved"), told(buyer, "control_moved")) == ([False], [True])


def test_X10_consent_to_figures_that_no_longer_hold_is_asked_again(paid, car, asking, owner):
    transfer = ask(asking)
    shown = removal_quote(car, now=NOW)
    late = NOW + make.days(1)
    with_it = {"transfer": transfer, "confirmed": shown, "now": late, "by": owner}
    assert refusal_code(lambda: consent(**with_it)) == "quote_changed"
    assert (state(transfer), in_control(car.vehicle)) == (State.WAITING, OWNER)


def test_V4_an_objection_keeps_control_and_makes_work_for_staff(paid, car, asking, owner, buyer):
    transfer = ask(asking)
    object_to(transfer=transfer, now=NOW, by=owner)
    object_to(transfer=transfer, now=NOW, by=owner)
    control_run(now=NOW + make.days(30))
    assert (state(transfer), in_control(car.vehicle)) == (State.OBJECTED, OWNER)
    assert [(item.kind, item.subject) for item in WorkItem.objects.all()] == [
        ("control_objected", str(transfer.public_id))
    ]
    assert told(owner, "control_request") == told(buyer, "control_request") == ["asked", "objected"]


def test_V4_who_has_objected_may_still_consent(paid, car, asking, owner):
    transfer = ask(asking)
    object_to(transfer=transfer, now=NOW, by=owner)
    consent(transfer=transfer, confirmed=None, now=NOW, by=owner)
    assert in_control(car.vehicle) == BUYER
    assert WorkItem.objects.get().closed_at == NOW


def test_V4_asking_again_after_an_objection_waits_for_staff_and_never_moves_alone(paid, car, asking, owner):
    first = ask(asking)
    object_to(transfer=first, now=NOW, by=owner)
    withdraw_request(transfer=first, now=NOW, by=asking.account)
    again = ask(asking)
    withdraw_request(transfer=again, now=NOW, by=asking.account)
    third = ask(asking)
    control_run(now=NOW + make.days(4))
    assert (state(again), state(third), in_control(car.vehicle)) == (State.CALLED_OFF, State.OBJECTED, OWNER)
    assert WorkItem.objects.get(closed_at=None).subject == str(third.public_id)


def test_V4_a_decision_of_staff_that_it_stays_holds_when_it_is_asked_again(paid, car, asking, owner, market):
    first = ask(asking)
    object_to(transfer=first, now=NOW, by=owner)
    agent = make.account("agent@staff.example.com", market=market, is_staff=True)
    decide(transfer=first, moves=False, confirmed=None, reason="Papers of the owner", now=NOW, by=agent)
    cancel(subscription=paid, confirmed=None, now=NOW + make.days(1), by=owner)
    much_later = NOW + make.days(400)
    again = ask(asking, now=much_later)
    assert (state(again), in_control(car.vehicle)) == (State.OBJECTED, OWNER)
    assert WorkItem.objects.get(closed_at=None).subject == str(again.public_id)


def test_V4_an_objection_under_an_earlier_control_makes_no_work_in_the_present_one(paid, car, asking, owner, market):
    object_to(transfer=ask(asking), now=NOW, by=owner)
    third = make.verified(make.account("third@example.com", market=market), car.vehicle)
    consent(transfer=ask(third), confirmed=None, now=NOW + make.days(1), by=owner)
    later = NOW + make.days(2)
    prove_access(membership=asking, odometer_km=make.ODOMETER_KM, now=later, by=asking.account)
    assert ask(asking, now=later).state == State.MOVED


def test_V4_a_request_is_withdrawn_and_the_active_account_told(paid, car, asking, owner):
    transfer = ask(asking)
    withdraw_request(transfer=transfer, now=NOW, by=asking.account)
    control_run(now=NOW + make.days(4))
    assert (state(transfer), in_control(car.vehicle)) == (State.CALLED_OFF, OWNER)
    assert told(owner, "control_request") == ["asked", "called_off"]
    assert refusal_code(lambda: consent(transfer=transfer, confirmed=None, now=NOW, by=owner)) == "transfer_over"


# On time


def test_V4_unanswered_it_moves_after_three_days_told_a_day_before(paid, car, asking, owner, buyer):
    ask(asking)
    for hours in (1, 47, 48, 49, 71):
        control_run(now=NOW + make.days(0) + hours * (make.days(1) / 24))
    assert in_control(car.vehicle) == OWNER
    assert told(owner, "control_request") == told(buyer, "control_request") == ["asked", "warned"]
    control_run(now=NOW + make.days(3))
    control_run(now=NOW + make.days(3))
    assert in_control(car.vehicle) == BUYER
    assert told(owner, "control_moved") == [False]
    assert Refund.objects.get().amount == Decimal("60.00")


def test_X7_what_moves_by_itself_is_refunded_by_months_after_the_fourteen_days(paid, car, asking, owner):
    later = NOW + make.days(60)
    ask(asking, now=later)
    control_run(now=later + make.days(3))
    # 10 June to 12 August: three months count as used.
    assert Refund.objects.get().amount == Decimal("45.00")


def test_D4_periods_of_control_follow_each_other_without_a_gap(paid, car, asking, owner, buyer):
    ask(asking)
    moved = NOW + make.days(3)
    control_run(now=moved)
    periods = ControlPeriod.objects.order_by("pk").values_list("account__email", "started_at", "ended_at")
    assert list(periods) == [("owner@example.com", NOW, moved), ("buyer@example.com", moved, None)]


# Others at the same car


def test_V4_of_two_that_ask_the_other_is_told_that_it_is_over(paid, car, asking, owner, market):
    third = make.account("third@example.com", market=market)
    late = ask(make.verified(third, car.vehicle))
    consent(transfer=ask(asking), confirmed=None, now=NOW, by=owner)
    assert (state(late), in_control(car.vehicle)) == (State.OVERTAKEN, BUYER)
    assert told(third, "control_request") == ["asked", "overtaken"]


def test_V4_if_the_active_account_removes_the_car_control_goes_to_who_asked_first(paid, car, asking, owner, market):
    third = make.account("third@example.com", market=market)
    first = ask(asking)
    object_to(transfer=first, now=NOW, by=owner)
    late = ask(make.verified(third, car.vehicle), now=NOW + make.days(1))
    remove_vehicle(membership=car, confirmed=None, now=NOW + make.days(1), by=owner)
    assert (state(first), state(late), in_control(car.vehicle)) == (State.MOVED, State.OVERTAKEN, BUYER)
    assert told(asking.account, "control_moved") == [True]
    assert WorkItem.objects.get().closed_at is not None


def test_V4_who_removes_the_car_is_told_of_the_removal_alone_not_that_it_stays_with_nothing_paid_back(
    paid, car, asking, owner
):
    ask(asking)
    remove_vehicle(membership=car, confirmed=None, now=NOW, by=owner)
    assert (told(owner, "control_moved"), told(asking.account, "control_moved")) == ([], [True])
    assert Refund.objects.get().amount == Decimal("60.00")
    assert Notice.objects.filter(account=owner, kind="subscription_ended").exists()


def test_V4_who_asks_and_leaves_the_car_asks_no_more(paid, car, asking, owner):
    transfer = ask(asking)
    remove_vehicle(membership=asking, confirmed=None, now=NOW, by=asking.account)
    control_run(now=NOW + make.days(3))
    assert (state(transfer), in_control(car.vehicle)) == (State.OVERTAKEN, OWNER)


def test_G12_drivers_of_the_former_active_account_end_with_its_control(paid, car, asking, owner, market):
    driver = make.account("driver@example.com", market=market)
    access = invite_driver(membership=car, email=driver.email, last_on=None, now=NOW, by=owner)
    driving = accept_driving(access=access, now=NOW, by=driver)
    waiting = invite_driver(membership=car, email="waits@example.com", last_on=None, now=NOW, by=owner)
    consent(transfer=ask(asking), confirmed=None, now=NOW, by=owner)
    driving.refresh_from_db()
    assert driving.ended_at == NOW
    assert told(driver, "driver_access") == ["begun", "ended"]
    assert not DriverAccess.objects.filter(ended_at__isnull=True).exists()
    assert DriverAccess.objects.get(pk=waiting.pk).ended_at == NOW


# Pages


@pytest.fixture
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


def test_V4_the_page_asks_and_shows_what_becomes_of_it(client, paid, car, asking, at_noon):
    client.force_login(asking.account)
    address = reverse("control_request", args=[asking.public_id])
    assert b"Else it has 3 days to answer" in client.get(address).content
    shown = client.post(address, follow=True)
    assert b"you have control on" in shown.content
    client.post(reverse("control_request_end", args=[ControlTransfer.objects.get().public_id]))
    assert ControlTransfer.objects.get().state == State.CALLED_OFF


def test_C1_the_services_of_a_car_that_nobody_controls_are_not_said_to_be_anothers(client, car, asking, at_noon):
    client.force_login(asking.account)
    address = reverse("services", args=[asking.public_id])
    assert "Another account controls" in client.get(address).text
    remove_vehicle(membership=car, confirmed=None, now=NOW, by=car.account)
    said = client.get(address).text
    assert ("Another account controls" in said, "No account has control of this car" in said) == (False, True)


def test_G12_the_first_steps_lead_an_invited_driver_to_how_control_is_had(client, car, buyer, at_noon):
    access = invite_driver(membership=car, email=buyer.email, last_on=None, now=NOW, by=car.account)
    driving = accept_driving(access=access, now=NOW, by=buyer)
    client.force_login(buyer)
    assert f'href="{reverse("control", args=[driving.public_id])}"' in client.get(reverse("home")).text
    [step] = [step for step in first_steps(buyer, cars=[driving], running=[]) if step["is_next"]]
    assert (step["url"], step["action"]) == (reverse("control", args=[driving.public_id]), "How to get control")


def test_G12_an_invited_driver_is_not_told_to_set_the_car_up(client, car, buyer, at_noon):
    access = invite_driver(membership=car, email=buyer.email, last_on=None, now=NOW, by=car.account)
    accept_driving(access=access, now=NOW, by=buyer)
    client.force_login(buyer)
    said = client.get(reverse("home")).text
    assert ("First steps" in said, "You drive this car by invitation" in said) == (False, True)


def test_V4_the_pages_of_a_former_active_account_lead_to_a_new_proof_first(client, car, asking, owner):
    later = NOW + make.days(1)
    ask(asking, now=later)
    with time_machine.travel(later, tick=False):
        client.force_login(owner)
        prove, request = (reverse(name, args=[car.public_id]) for name in ("prove_access", "control_request"))
        page = client.get(request, follow=True).content.decode()
        assert (prove in page, request in page) == (True, False)
        assert "Compare the reading" in client.get(prove).content.decode()
        client.post(prove, {"reading": make.ODOMETER_KM})
        client.post(request)
    assert in_control(car.vehicle) == OWNER


def test_V4_X10_the_page_of_the_active_account_shows_refunds_and_does_just_that(client, paid, car, asking, at_noon):
    transfer = ask(asking)
    client.force_login(car.account)
    address = reverse("control_answer", args=[transfer.public_id])
    page = client.get(address)
    assert "€60.00" in page.content.decode()
    assert b"Something has changed" in client.post(address, {"answer": "consent", "shown": "forged"}).content
    client.post(address, {"answer": "consent", "shown": page.context["seal"]})
    assert in_control(car.vehicle) == BUYER
    assert b"Nothing is left to answer" in client.get(address).content


def test_V4_the_page_objects(client, paid, car, asking, at_noon):
    transfer = ask(asking)
    client.force_login(car.account)
    answer = client.post(reverse("control_answer", args=[transfer.public_id]), {"answer": "object"}, follow=True)
    assert b"You keep control until" in answer.content
    assert state(transfer) == State.OBJECTED


def test_V4_nobody_else_answers_or_withdraws(client, paid, asking, stranger, at_noon):
    transfer = ask(asking)
    for who in (stranger, asking.account):
        client.force_login(who)
        assert client.post(reverse("control_answer", args=[transfer.public_id])).status_code == 404
    client.force_login(transfer.giver)
    assert client.post(reverse("control_request_end", args=[transfer.public_id])).status_code == 404


def test_V4_no_page_names_the_other_account(client, paid, car, asking, owner, at_noon):
    transfer = ask(asking)
    client.force_login(owner)
    for name, which in (("control", car), ("control_answer", transfer), ("reach", car)):
        page = client.get(reverse(name, args=[which.public_id])).content
        assert b"buyer@example.com" not in page
        assert b"Andri" not in page


def test_V4_it_waits_as_long_as_the_cars_market_says_whoever_asks(paid, asking, market):
    asking.account.market = make.another_market(market, control_request_days=9)
    asking.account.save(update_fields=["market"])
    asking.refresh_from_db()
    assert ask(asking).due_at == NOW + make.days(3)
