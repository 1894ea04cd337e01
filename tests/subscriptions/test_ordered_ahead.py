"""C4: a market may let the plan be chosen before the free period ends; it starts then and costs nothing before."""

from datetime import UTC, date, datetime
from functools import partial

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from subscriptions.actions.cancel import cancel
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.run import charging_run
from subscriptions.actions.subscribe import gets_trial
from subscriptions.actions.withdraw import withdraw
from subscriptions.ledger.check import check_ledger
from subscriptions.models import Payment, Subscription
from subscriptions.papers.contract import contract_pdf
from subscriptions.rules.lifecycle import Status
from subscriptions.what_if import what_if
from subscriptions.words.timeline import timeline_of
from tests import make
from tests.clean_ledger import _the_ledger_adds_up, latest  # noqa: F401  (for every test here)
from tests.refusing import refused
from tests.subscriptions.test_contract_paper import text_of

# Fifty-two days after `make.NOW`.
STARTS_ON = date(2026, 8, 1)
FREE = {"complimentary_months": {"default": 48}}


@pytest.fixture
def market(market):
    market.order_ahead_days = 60
    market.save(update_fields=["order_ahead_days"])
    return market


@pytest.fixture
def car(owner):
    return make.active_car(owner, warranty_start=date(2022, 8, 1))


@pytest.fixture
def remote(market):
    return make.package("remote", market=market, prices={"monthly": "6.00", "yearly": "60.00"}, **FREE)


@pytest.fixture
def with_trial(market):
    return make.package("alarm", market=market, prices={"monthly": "4.00"}, gives_trial=True, **FREE)


@pytest.fixture
def run(market, gateway):
    def on(day: date) -> None:
        charging_run(market=market, now=datetime(day.year, day.month, day.day, 3, tzinfo=UTC), gateway=gateway)

    return on


@pytest.fixture
def order(car, card, gateway):
    return partial(make.subscription, car, gateway=gateway)


def state(row: Subscription) -> tuple:
    row.refresh_from_db()
    return row.status, row.activated_on, row.next_charge_on, row.next_try_on


def test_C4_it_starts_when_the_free_period_ends_and_is_charged_then(owner, car, remote, order, run, now):
    free = activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner)
    ahead = order(package=remote)
    assert state(ahead) == (Status.SCHEDULED, STARTS_ON, STARTS_ON, None)
    run(date(2026, 7, 31))
    assert (state(ahead)[0], Payment.objects.count(), [*check_ledger(now=latest())]) == (Status.SCHEDULED, 0, [])
    run(STARTS_ON)
    free.refresh_from_db()
    assert (free.end_reason, *state(ahead)) == ("expired", "paid", STARTS_ON, date(2027, 8, 1), date(2027, 8, 1))
    assert Payment.objects.get().period_from == STARTS_ON
    withdraw(subscription=ahead, confirmed=None, now=datetime(2026, 8, 15, 20, tzinfo=UTC), by=owner)


def test_S3_its_free_month_counts_from_the_start_and_is_promised_once(owner, with_trial, order, run, gateway, now):
    ahead = order(package=with_trial, term="monthly")
    second = make.active_car(owner, 2)
    assert not gets_trial(owner, with_trial)
    assert make.subscription(second, package=with_trial, term="monthly", gateway=gateway).trial_months == 0
    run(STARTS_ON)
    assert state(ahead) == ("trial", STARTS_ON, date(2026, 9, 1), date(2026, 9, 1))
    cancel(subscription=ahead, confirmed=None, now=datetime(2026, 8, 2, tzinfo=UTC), by=owner)
    assert not gets_trial(owner, with_trial)


@pytest.mark.parametrize("act", [cancel, withdraw])
def test_C4_given_up_before_it_costs_nothing_and_leaves_the_free_month(owner, with_trial, order, run, now, act):
    act(subscription=order(package=with_trial, term="monthly"), confirmed=None, now=now + make.days(1), by=owner)
    given_up = Subscription.objects.get()
    assert (given_up.status, given_up.ends_on, Payment.objects.count()) == ("ended", date(2026, 6, 11), 0)
    assert gets_trial(owner, with_trial)
    assert state(order(package=with_trial, term="monthly", now=now + make.days(2)))[0] == Status.SCHEDULED
    run(STARTS_ON)


def test_X7_a_car_that_leaves_ends_it_with_nothing_owed(owner, car, remote, order, run, now):
    ahead = order(package=remote)
    remove_vehicle(membership=car, confirmed=None, now=now, by=owner)
    assert (state(ahead)[0], ahead.end_reason, Payment.objects.count()) == ("ended", "vehicle_removed", 0)
    run(STARTS_ON)
    assert Payment.objects.count() == 0


@pytest.mark.parametrize(("days", "allowed"), [(0, False), (51, False), (52, True)])
def test_C4_only_as_far_ahead_as_the_market_allows(market, remote, order, days, allowed):
    market.order_ahead_days = days
    market.save(update_fields=["order_ahead_days"])
    if allowed:
        assert order(package=remote).is_scheduled
    else:
        with refused("complimentary_running"):
            order(package=remote)


def test_S7_there_is_no_second_order_before_it_nor_on_its_day(remote, order, run):
    order(package=remote)
    for moment in (make.NOW, datetime(2026, 8, 1, 1, tzinfo=UTC)):
        with refused("already_subscribed"):
            order(package=remote, term="monthly", now=moment)
    run(STARTS_ON)


def test_P2_its_first_charge_has_three_tries_like_any_other(remote, order, run, card, gateway):
    ahead = order(package=remote)
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="insufficient_funds")
    for day, status in ((1, "past_due"), (2, "past_due"), (3, "ended")):
        run(date(2026, 8, day))
        assert state(ahead)[0] == status
    assert ahead.end_reason == "payment_failed"


def test_C4_nobody_pays_for_what_is_still_free(car, remote, order, run):
    """The car's facts were mended after the order."""
    ahead = order(package=remote)
    car.vehicle.warranty_start = date(2023, 8, 1)
    car.vehicle.save(update_fields=["warranty_start"])
    run(STARTS_ON)
    assert (state(ahead)[0], ahead.end_reason, Payment.objects.count()) == ("ended", "still_free", 0)


def test_C4_nobody_pays_just_before_it_is_free(car, remote, order, run):
    """By the facts as they were mended it is free from the week after."""
    ahead = order(package=remote)
    car.vehicle.warranty_start = STARTS_ON + make.days(7)
    car.vehicle.save(update_fields=["warranty_start"])
    run(STARTS_ON)
    assert (state(ahead)[0], ahead.end_reason, Payment.objects.count()) == ("ended", "still_free", 0)


def test_S12_what_is_added_to_a_free_base_goes_on_with_the_plan_that_follows(
    market, owner, car, remote, order, run, now
):
    activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner)
    add_on = order(
        package=make.package("extra", market=market, base=remote, prices={"monthly": "2.00"}), term="monthly"
    )
    ahead = order(package=remote)
    run(STARTS_ON)
    assert (state(add_on)[0], state(ahead)[0]) == ("paid", "paid")


def test_S12_an_addition_is_ordered_when_its_own_free_period_is_over(market, owner, car, remote, order, now):
    activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner)
    with refused("complimentary_running"):
        order(package=make.package("extra", market=market, base=remote, **FREE))


def test_S13_what_if_reckons_from_the_start(remote, order, now):
    ahead = order(package=remote)
    before = what_if(ahead, on=date(2026, 7, 1), now=now)
    assert (before.charges, before.next_charges[0], before.cancellation.ends_on) == ((), STARTS_ON, date(2026, 7, 1))
    after = what_if(ahead, on=date(2026, 10, 1), now=now)
    assert (after.charged_on, after.cancellation.months_used) == ((STARTS_ON,), 2)


def test_S10_contract_and_mail_say_when_it_starts(remote, order, deliver, mailoutbox, files):
    ahead = order(package=remote)
    paper = text_of(contract_pdf(ahead.contract))
    for said in ("Starts 1 August 2026", "First charge 1 August 2026", "until 15 August 2026 without a reason"):
        assert said in paper
    deliver()
    [sent] = mail.outbox
    assert "starts on 1 August 2026, when its free period ends" in sent.body
    assert [event["title"] for event in timeline_of(ahead)] == ["Charge of €60.00", "Starts", "Ordered for €60.00"]


def test_C1_the_pages_lead_to_it_and_show_it(client, owner, car, remote, card, gateway, monkeypatch):
    monkeypatch.setattr("subscriptions.views.checkout.get_gateway", lambda: gateway)
    client.force_login(owner)
    with time_machine.travel(make.NOW, tick=False):
        assert "Nothing is charged before." in client.get(reverse("services", args=[car.public_id])).text
        summary = reverse("checkout_summary", args=[car.public_id, "remote"], query={"term": "yearly"})
        page = client.get(summary)
        for said in ("I order Remote, yearly, for €60.00 including VAT, from 1 August 2026", "cancel without any cost"):
            assert said in page.text
        form = {"order_key": str(page.context["order_key"]), "shown": page.context["seal"]}
        assert "Remote is ordered" in client.post(summary, form, follow=True).text
        ordered = Subscription.objects.get()
        assert "You have ordered Remote already." in client.get(summary, follow=True).text
        assert "It has not started." in client.get(reverse("cancellation", args=[ordered.public_id])).text
        assert "starts on 1 August 2026" in client.get(reverse("services", args=[car.public_id])).text
