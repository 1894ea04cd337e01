"""S10: a package that the brand discontinues is not sold any more, and ends with the whole months left refunded."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice
from portal.models import AuditRecord
from subscriptions.actions.begin import begin
from subscriptions.actions.cancel import cancel, undo_cancellation
from subscriptions.actions.discontinue import (
    discontinue_package,
    discontinued_to_end,
    end_discontinued,
    tell_of_discontinuation,
    to_tell_of_discontinuation,
)
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.run import charging_run
from subscriptions.centre.packages import offer_for
from subscriptions.models import Document, Refund, Subscription
from subscriptions.what_if import what_if
from subscriptions.words.explaining import explain
from tests import make
from tests.clean_ledger import _the_ledger_adds_up as _the_ledger_adds_up
from tests.refusing import assert_append_only, refused

# Ordered on 10 June 2026.
GONE = date(2026, 10, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T09:00").replace(tzinfo=UTC)


@pytest.fixture
def yearly(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def discontinue(market, stranger, now):
    def decided(package, ends_on=GONE, *, now=now):
        return discontinue_package(
            package=package, market=market, ends_on=ends_on, reason="the service ends", now=now, by=stranger
        )

    return decided


@pytest.fixture
def run(market, gateway, clock):
    def on(*days: str):
        for day in days:
            clock.now = at(day)
            charging_run(market=market, now=clock.now, gateway=gateway)

    return on


def fresh(subscription) -> Subscription:
    return Subscription.objects.get(pk=subscription.pk)


def state(subscription) -> tuple[str, str, date | None]:
    row = fresh(subscription)
    return row.status, row.end_reason, row.ends_on


# Not sold any more


def test_S10_a_discontinued_package_is_neither_offered_nor_ordered(car, card, digital_key, gateway, discontinue, now):
    discontinue(digital_key)
    offer = offer_for(car, digital_key.code, today=date(2026, 6, 10))
    assert (offer.is_orderable, offer.missing[0]) == (False, "discontinued")
    with refused("not_offered"):
        make.subscription(car, package=digital_key, gateway=gateway)


def test_S10_its_free_years_cannot_be_taken_up_any_more(market, car, owner, discontinue, now):
    free = make.package("free", market=market, complimentary_months={"default": 600})
    discontinue(free)
    with refused("not_offered"):
        activate_complimentary(account=owner, vehicle=car.vehicle, package=free, now=now, by=owner)


def test_S12_a_base_that_is_discontinued_takes_no_new_add_on(market, car, yearly, gateway, discontinue):
    wifi = make.package("wifi", market=market, prices={"yearly": "24.00"}, base=yearly.package)
    discontinue(yearly.package)
    with refused("base_missing"):
        make.subscription(car, package=wifi, gateway=gateway)


def test_S10_it_is_decided_once_sixty_days_ahead_and_not_of_a_standard_package(market, digital_key, discontinue):
    with refused("too_soon"):
        discontinue(digital_key, date(2026, 8, 8))
    discontinue(digital_key, date(2026, 8, 9))
    with refused("discontinued_already"):
        discontinue(digital_key)
    with refused("is_standard"):
        discontinue(make.package("basic", market=market, is_standard=True))
    record = AuditRecord.objects.get(what="package discontinued")
    assert (record.data["ends_on"], record.data["reason"]) == ("2026-08-09", "the service ends")


# Told


def test_S10_customers_are_told_once_with_the_day_and_the_refund(yearly, discontinue, run):
    discontinue(yearly.package)
    run("2026-06-11", "2026-06-11", "2026-06-12")
    facts = Notice.objects.get(kind="package_discontinued").facts
    # Four months are used by 1 October, eight of twelve are left of 60.00.
    assert (facts["ends_on"], facts["refund"]) == ("2026-10-01", "40.00")


def test_S10_who_has_ended_by_then_is_not_told(yearly, discontinue, run):
    discontinue(yearly.package)
    cancel(subscription=yearly, confirmed=None, now=at("2026-06-11"), by=yearly.account)
    assert tell_of_discontinuation(subscription_id=yearly.pk, now=at("2026-06-11")) is False
    run("2026-06-11")
    assert not Notice.objects.filter(kind="package_discontinued").exists()


def test_C5_free_years_that_go_with_their_package_are_not_told_to_end_later(market, owner, discontinue, run, now):
    free = make.package("free", market=market, complimentary_months={"default": 24})
    newer = make.active_car(owner, 2, warranty_start=date(2024, 10, 20))
    activate_complimentary(account=owner, vehicle=newer.vehicle, package=free, now=now, by=owner)
    discontinue(free)
    run("2026-06-11", "2026-09-25", "2026-10-01")
    told = Notice.objects.exclude(kind__in=["order_confirmed", "invoice_issued"]).order_by("pk")
    assert [notice.kind for notice in told] == ["package_discontinued", "subscription_ended"]


# Ended


@pytest.mark.parametrize("days", [["2026-10-01", "2026-10-01"], ["2026-10-20"]])
def test_S10_on_its_day_it_ends_with_the_whole_months_left_refunded(yearly, discontinue, run, deliver, days):
    discontinue(yearly.package)
    run("2026-06-11", "2026-09-30")
    assert fresh(yearly).is_live
    run(*days)
    deliver()
    assert state(yearly) == ("ended", "discontinued", GONE)
    refund = Refund.objects.get()
    assert (refund.amount, refund.months_used, refund.months_left) == (Decimal("40.00"), 4, 8)
    assert Document.objects.filter(kind="credit_note").count() == 1
    assert Notice.objects.get(kind="subscription_ended").facts["refund"] == "40.00"


def test_S10_a_charge_before_that_day_is_made_and_its_months_left_refunded(yearly, discontinue, run, deliver):
    discontinue(yearly.package, date(2027, 8, 1), now=at("2027-05-01"))
    run("2027-05-01")
    assert Notice.objects.get(kind="package_discontinued").facts["refund"] == "50.00"
    run("2027-06-10", "2027-08-01")
    deliver()
    assert [str(payment.amount) for payment in yearly.payments.all()] == ["60.00", "60.00"]
    assert Refund.objects.get().amount == Decimal("50.00")


def test_S10_a_charge_of_that_day_is_not_made(yearly, discontinue, run):
    discontinue(yearly.package, date(2027, 6, 10), now=at("2027-03-01"))
    run("2027-06-03", "2027-06-10")
    assert (yearly.payments.count(), Refund.objects.count()) == (1, 0)
    assert not Notice.objects.filter(kind="charge_upcoming").exists()
    assert state(yearly) == ("ended", "discontinued", date(2027, 6, 10))


def test_S10_a_charge_from_that_day_on_cannot_even_be_begun(yearly, discontinue):
    discontinue(yearly.package, date(2027, 6, 10), now=at("2027-03-01"))
    assert begin([yearly.pk], now=at("2027-06-10")).payments == []


def test_S10_of_a_month_nothing_is_paid_back(car, card, digital_key, gateway, discontinue, run):
    monthly = make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    discontinue(digital_key)
    run("2026-07-10", "2026-08-10", "2026-09-10", "2026-10-01")
    assert (monthly.payments.count(), Refund.objects.count()) == (4, 0)
    assert state(monthly) == ("ended", "discontinued", GONE)


def test_S10_a_free_month_and_free_years_end_without_money(
    market, car, card, owner, navigation, gateway, discontinue, run, now
):
    free = make.package("free", market=market, complimentary_months={"default": 600})
    years = activate_complimentary(account=owner, vehicle=car.vehicle, package=free, now=now, by=owner)
    trial = make.subscription(car, package=navigation, gateway=gateway, now=at("2026-09-10"))
    discontinue(free)
    discontinue(navigation, date(2026, 11, 20), now=at("2026-09-10"))
    run("2026-10-01")
    assert state(years) == ("ended", "discontinued", GONE)
    assert state(trial)[0] == "trial"
    assert not Refund.objects.exists()


def test_S10_a_declined_charge_is_not_owed_when_the_package_goes(yearly, discontinue, run, card, gateway):
    discontinue(yearly.package, date(2027, 6, 11), now=at("2027-03-01"))
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="insufficient_funds")
    run("2027-06-10", "2027-06-11")
    assert state(yearly) == ("ended", "discontinued", date(2027, 6, 11))
    assert not Refund.objects.exists()


def test_S12_its_add_ons_end_with_it_with_their_own_refunds(market, car, yearly, gateway, discontinue, run, deliver):
    wifi = make.package("wifi", market=market, prices={"yearly": "24.00"}, base=yearly.package)
    add_on = make.subscription(car, package=wifi, gateway=gateway, now=at("2026-07-01"))
    discontinue(yearly.package, now=at("2026-07-02"))
    run("2026-10-01")
    deliver()
    assert state(add_on) == ("ended", "base_ended", GONE)
    assert sorted(refund.amount for refund in Refund.objects.all()) == [Decimal("18.00"), Decimal("40.00")]


def test_X8_a_cancellation_can_be_taken_back_until_the_package_goes(car, card, digital_key, gateway, discontinue, run):
    monthly = make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    discontinue(digital_key, date(2026, 8, 9))
    run("2026-07-10")
    ending = cancel(subscription=monthly, confirmed=None, now=at("2026-07-11"), by=monthly.account)
    # The paid month would run to 10 August.
    assert ending.ends_on == date(2026, 8, 9)
    undo_cancellation(subscription=monthly, now=at("2026-07-12"), by=monthly.account)
    run("2026-08-09")
    assert state(monthly) == ("ended", "discontinued", date(2026, 8, 9))


def test_S10_nothing_ends_before_its_day_or_twice(yearly, discontinue):
    assert end_discontinued(subscription_id=yearly.pk, now=at("2026-10-01")) is False
    discontinue(yearly.package)
    assert end_discontinued(subscription_id=yearly.pk, now=at("2026-09-30")) is False
    assert end_discontinued(subscription_id=yearly.pk, now=at("2026-10-01")) is True
    assert end_discontinued(subscription_id=yearly.pk, now=at("2026-10-01")) is False


# Foretold


def test_S13_what_if_knows_that_it_will_have_ended(yearly, discontinue, now):
    discontinue(yearly.package)
    row = fresh(yearly)
    assert what_if(row, on=GONE, now=now).cancellation is None
    assert what_if(row, on=date(2026, 9, 30), now=now).next_charges == ()


def test_P9_no_charge_is_explained_from_that_day_on(yearly, discontinue):
    discontinue(yearly.package)
    said = explain(fresh(yearly), on=date(2027, 6, 10), today=date(2026, 6, 20))
    assert "does not renew and ends on 1 October 2026" in said


# The sweeps


def test_the_sweeps_cost_one_query_each_however_many_there_are(
    owner, market, car, card, digital_key, gateway, discontinue
):
    make.subscription(car, package=digital_key, gateway=gateway)
    for number in range(2, 6):
        make.subscription(make.active_car(owner, number), package=digital_key, gateway=gateway)
    discontinue(digital_key)
    with CaptureQueriesContext(connection) as queries:
        assert len(to_tell_of_discontinuation(market=market, now=at("2026-06-11"))) == 5
        assert len(discontinued_to_end(market=market, now=at("2026-10-01"))) == 5
    assert len(queries) == 2


def test_a_decision_is_kept_for_ever(digital_key, discontinue):
    assert_append_only(discontinue(digital_key))
