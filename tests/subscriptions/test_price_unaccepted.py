"""S10: without a yes the subscription ends on the charge date; what is foretold says so."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Notice
from portal.models import AuditRecord
from subscriptions.actions.begin import begin
from subscriptions.actions.cancel import cancel, undo_cancellation
from subscriptions.actions.price_answer import decline_price, end_unaccepted
from subscriptions.models import Package, Refund
from subscriptions.what_if import what_if
from subscriptions.words.explaining import explain
from tests import make
from tests.clean_ledger import _the_ledger_adds_up as _the_ledger_adds_up
from tests.refusing import refused
from tests.subscriptions.running_plans import accept, amounts, at, fresh
from tests.subscriptions.running_plans import announce as announce
from tests.subscriptions.running_plans import monthly as monthly
from tests.subscriptions.running_plans import run as run
from tests.subscriptions.running_plans import yearly as yearly


@pytest.mark.parametrize("is_declined", [False, True])
def test_S10_unaccepted_it_ends_on_the_charge_date_without_a_charge(yearly, announce, run, is_declined):
    announce(yearly)
    run("2027-04-11")
    if is_declined:
        decline_price(subscription=yearly, now=at("2027-05-01"), by=yearly.account)
    run("2027-06-09")
    assert fresh(yearly).is_live
    run("2027-06-10", "2027-06-10")
    ended = fresh(yearly)
    assert (ended.status, ended.end_reason, ended.ends_on) == ("ended", "price_not_accepted", date(2027, 6, 10))
    assert amounts(yearly) == ["60.00"]
    assert Notice.objects.filter(kind="subscription_ended").count() == 1


def test_S10_a_declined_price_can_be_accepted_until_its_charge(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    for _time in range(2):
        decline_price(subscription=yearly, now=at("2027-05-01"), by=yearly.account)
    assert AuditRecord.objects.filter(what="price declined").count() == 1
    accept(yearly, "2027-06-09")
    run("2027-06-10")
    assert amounts(yearly) == ["60.00", "72.00"]


def test_S10_on_the_charge_date_it_is_too_late_to_answer(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    with refused("nothing_to_accept"):
        accept(yearly, "2027-06-10")


def test_S10_after_an_outage_it_ends_as_of_its_charge_date(monthly, announce, run):
    announce(monthly, "6.00", effective_on=date(2026, 10, 1))
    run("2026-07-10", "2026-08-11", "2026-09-10", "2026-10-25")
    assert (fresh(monthly).ends_on, amounts(monthly)) == (date(2026, 10, 10), ["5.00"] * 4)


def test_S10_a_charge_without_a_yes_cannot_even_be_begun(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    assert begin([yearly.pk], now=at("2027-06-10")).payments == []


def test_S10_instead_of_the_charge_the_offer_is_brought_back_to_mind(yearly, announce, run):
    announce(yearly)
    run("2027-04-11", "2027-06-03", "2027-06-04")
    assert not Notice.objects.filter(kind="charge_upcoming").exists()
    assert Notice.objects.filter(kind="price_change").count() == 2


def test_S9_the_charge_is_announced_at_the_accepted_price(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    run("2027-06-03")
    assert Notice.objects.get(kind="charge_upcoming").facts["amount"] == "72.00"


def test_S12_an_add_on_ends_with_its_base_whose_price_was_not_accepted(
    yearly, announce, run, market, car, gateway, deliver
):
    wifi = make.package("wifi", market=market, prices={"yearly": "24.00"}, base=yearly.package)
    add_on = make.subscription(car, package=wifi, gateway=gateway, now=at("2027-03-10"))
    announce(yearly)
    run("2027-04-11", "2027-06-10")
    ended = fresh(add_on)
    assert (ended.status, ended.end_reason) == ("ended", "base_ended")
    assert Refund.objects.get().amount == Decimal("18.00")
    deliver()


def test_X8_a_cancellation_taken_back_leaves_the_offer_open(monthly, announce, run):
    announce(monthly, "6.00", effective_on=date(2026, 10, 1))
    run("2026-07-10", "2026-08-11")
    ending = cancel(subscription=monthly, confirmed=None, now=at("2026-08-12"), by=monthly.account)
    assert ending.open_offer is None
    back = undo_cancellation(subscription=monthly, now=at("2026-08-13"), by=monthly.account)
    assert back.open_offer.price == Decimal("6.00")


def test_nothing_ends_that_has_no_open_offer(yearly):
    assert end_unaccepted(subscription_id=yearly.pk, now=at("2027-06-10")) is False


def test_S13_what_if_takes_the_accepted_price_from_its_charge_on(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    outcome = what_if(fresh(yearly), on=date(2027, 9, 9), now=at("2027-05-01"))
    assert (outcome.charged, outcome.cancellation.refund) == (Decimal("72.00"), Decimal("54.00"))
    before = what_if(fresh(yearly), on=date(2027, 5, 9), now=at("2027-05-01"))
    assert [(str(price), len(dates)) for price, dates in before.next_by_price] == [("72.00", 3)]
    assert before.cancellation.refund == Decimal("5.00")


def test_S13_what_if_knows_that_it_ends_without_an_answer(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    outcome = what_if(fresh(yearly), on=date(2027, 6, 10), now=at("2027-05-01"))
    assert (outcome.cancellation, outcome.charges) == (None, ())
    assert "unless you accept" in str(outcome.no_cancellation)


@pytest.mark.parametrize(
    ("day", "words"),
    [("2027-06-20", "€72.00 was charged"), ("2027-01-10", "next charge of €72.00"), ("2026-06-10", "€60.00 was")],
)
def test_P9_the_explanation_names_the_price_of_the_charge(yearly, announce, run, day, words):
    announce(yearly, effective_on=date(2027, 6, 1))
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    run("2027-06-10")
    asked = date(2027, 6, 10) if day == "2027-06-20" else date.fromisoformat(day)
    assert words in explain(fresh(yearly), on=asked, today=date(2027, 6, 20))


def test_P9_without_an_answer_no_charge_is_explained(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    said = explain(fresh(yearly), on=date(2027, 6, 10), today=date(2027, 5, 1))
    assert "Without your answer to the new price nothing is charged" in said


def test_a_run_that_could_not_end_it_charges_nothing_and_the_next_ends_it(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    names = yearly.package.names
    Package.objects.update(names=[])
    run("2027-06-10")
    assert (fresh(yearly).status, amounts(yearly)) == ("paid", ["60.00"])
    Package.objects.update(names=names)
    run("2027-06-11")
    assert (fresh(yearly).status, fresh(yearly).ends_on) == ("ended", date(2027, 6, 10))
