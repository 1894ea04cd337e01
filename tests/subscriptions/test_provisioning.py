"""C1, P9: a package that the car has to switch on is being activated until it has; money and dates do not wait."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.refusals import Refusal
from subscriptions.access import subscription_or_404
from subscriptions.actions.cancel import cancel
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.provision import ask_again, find_cars_that_did_not_switch, take_provisioning_reports
from subscriptions.actions.run import charging_run
from subscriptions.actions.withdraw import withdraw
from subscriptions.centre.diagnosing import case_of
from subscriptions.models import Provisioning, WorkItem
from subscriptions.rules.not_working import Because
from subscriptions.rules.provisioning import State
from subscriptions.rules.provisioning_reports import Report
from subscriptions.sample_cars import answer_for_cars
from subscriptions.words.explaining import explain
from subscriptions.words.presenting import present
from subscriptions.words.timeline import timeline_of
from tests import make

HOUR = timedelta(hours=1)


@pytest.fixture
def remote(market):
    """Without a free month."""
    return make.package("remote", market=market, is_set_up_in_car=True)


@pytest.fixture
def ordered(car, card, remote, gateway):
    return make.subscription(car, package=remote, gateway=gateway)


def asked(switch="on"):
    return Provisioning.objects.get(switch=switch)


def answer(row, state, *, at, reason=""):
    report = Report(order=row.public_id, state=State(state), at=at, reason=reason)
    taken = take_provisioning_reports(reports={0: report}, now=at)
    row.refresh_from_db()
    return taken


def shown(row):
    return present(subscription_or_404(row.account, row.public_id))


def test_C1_an_order_asks_the_car_and_is_being_activated_until_it_has_answered(ordered, car, now):
    row = asked()
    assert (row.subscription, row.state, row.asked_at) == (ordered, "asked", now)
    assert (shown(ordered).badge, "start the car" in shown(ordered).of_car) == ("Being activated", True)
    assert case_of(car, "remote", now=now).failing.because is Because.WAITS_FOR_CAR
    answer(row, "done", at=now + HOUR)
    assert (shown(ordered).badge, shown(ordered).of_car) == ("Active", "")
    assert case_of(car, "remote", now=now).failing is None
    assert "The car has switched it on" in [event["title"] for event in timeline_of(ordered)]


def test_P9_paid_and_being_activated_is_said_beside_the_charge(ordered, now):
    row, today = subscription_or_404(ordered.account, ordered.public_id), now.date()
    said = explain(row, on=today, today=today)
    assert "99.00" in said
    assert said.endswith("the car has not switched it on yet.")
    answer(asked(), "done", at=now + HOUR)
    row = subscription_or_404(ordered.account, ordered.public_id)
    assert "switched it on" not in explain(row, on=today, today=today)


def test_S5_dates_and_charges_do_not_wait_for_the_car(ordered, market, gateway, now):
    charging_run(market=market, now=now + make.days(366), gateway=gateway)
    ordered.refresh_from_db()
    assert (ordered.activated_on, ordered.periods_paid, asked().state) == (now.date(), 2, "asked")


def test_C1_free_years_and_trials_ask_the_car_and_packages_without_it_do_not(car, card, market, owner, gateway, now):
    free = make.package("free", market=market, is_set_up_in_car=True, complimentary_months={"default": 240})
    trial = make.package("trial", market=market, is_set_up_in_car=True, gives_trial=True)
    make.subscription(car, package=make.package("plain", market=market), gateway=gateway)
    assert not Provisioning.objects.exists()
    activate_complimentary(account=owner, vehicle=car.vehicle, package=free, now=now, by=owner)
    make.subscription(car, package=trial, gateway=gateway)
    assert [row.subscription.package for row in Provisioning.objects.asked()] == [free, trial]


def test_C1_an_end_asks_the_car_to_switch_it_off_and_overtakes_what_it_has_not_answered(ordered, owner, now):
    withdraw(subscription=ordered, confirmed=None, now=now + HOUR, by=owner)
    assert (asked("on").state, asked("off").state) == ("overtaken", "asked")
    assert answer(asked("on"), "done", at=now + HOUR).over == [0]
    answer(asked("off"), "done", at=now + 2 * HOUR)
    assert "The car has switched it off" in [event["title"] for event in timeline_of(ordered)]


def test_X3_a_scheduled_end_leaves_it_on_until_its_day(ordered, owner, now):
    cancel(subscription=ordered, confirmed=None, now=now + make.days(31), by=owner)
    assert not Provisioning.objects.filter(switch="off").exists()


def test_C1_answers_that_come_twice_late_or_for_nothing_change_nothing(ordered, now):
    row = asked()
    assert answer(row, "failed", at=now + HOUR, reason="no_reception").kept == 1
    assert answer(row, "done", at=now + 2 * HOUR).kept == 1
    assert answer(row, "failed", at=now + 3 * HOUR, reason="no_reception").known == 1
    assert (row.state, row.answered_at, row.reason) == ("done", now + 2 * HOUR, "")
    assert answer(row, "done", at=now - HOUR).refused[0].field == "at"
    row.public_id = ordered.public_id
    report = Report(order=ordered.public_id, state=State.DONE, at=now)
    assert take_provisioning_reports(reports={0: report}, now=now).refused[0].field == "order"


def test_K4_a_car_that_failed_or_is_silent_for_a_day_is_work_until_it_has_done_it(ordered, owner, now):
    assert find_cars_that_did_not_switch(now=now + make.days(1)) == 0
    assert find_cars_that_did_not_switch(now=now + make.days(1) + HOUR) == 1
    item = WorkItem.objects.get()
    assert (item.kind, item.provisioning, item.closes_by_itself) == ("car_not_switched", asked(), True)
    answer(asked(), "failed", at=now + make.days(2), reason="no_reception")
    assert "customer centre has been told" in shown(ordered).of_car
    ask_again(provisioning=asked(), reason="The owner has started it", now=now + make.days(2), by=owner)
    assert find_cars_that_did_not_switch(now=now + make.days(2)) == 0
    answer(asked(), "done", at=now + make.days(2) + HOUR)
    item.refresh_from_db()
    assert not item.is_open


def test_K4_what_has_not_failed_is_not_asked_again(ordered, owner, now):
    with pytest.raises(Refusal, match="not said that it failed"):
        ask_again(provisioning=asked(), reason="again", now=now, by=owner)


def test_K4_staff_ask_again_at_the_desk(admin_client, ordered, now):
    row = asked()
    answer(row, "failed", at=now + HOUR, reason="no_reception")
    page = reverse("admin:subscriptions_provisioning_asking", args=[row.pk])
    assert "no_reception" in admin_client.get(page).content.decode()
    admin_client.post(page, {"reason": "The owner has started it"})
    row.refresh_from_db()
    assert (row.state, row.reason, row.answered_at) == ("asked", "", None)


def test_C1_centre_and_subscription_say_it_and_others_see_that_it_is_not_on_yet(client, ordered, owner, car):
    client.force_login(owner)
    for page in (
        reverse("services", args=[car.public_id]),
        reverse("subscription", args=[ordered.public_id]),
        reverse("ordered", args=[ordered.public_id]),
        reverse("why_package", args=[car.public_id, "remote"]),
    ):
        words = client.get(page).content.decode()
        assert "being activated" in words.lower(), page


def test_the_demos_cars_answer_after_a_minute(ordered, now):
    assert answer_for_cars(now=now + timedelta(seconds=59)) == 0
    assert answer_for_cars(now=now + timedelta(minutes=1)) == 1
    assert asked().state == "done"
