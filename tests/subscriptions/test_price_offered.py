"""S10: a new price is offered sixty days before its charge, and until then nothing changes."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice
from subscriptions.actions.cancel import cancel
from subscriptions.actions.discontinue import discontinue_package
from subscriptions.actions.price_change import make_offer, offers_to_make
from subscriptions.models import Package, Plan, PriceOffer
from tests import make
from tests.clean_ledger import _the_ledger_adds_up as _the_ledger_adds_up
from tests.refusing import refused
from tests.subscriptions.running_plans import accept, amounts, at
from tests.subscriptions.running_plans import announce as announce
from tests.subscriptions.running_plans import monthly as monthly
from tests.subscriptions.running_plans import run as run
from tests.subscriptions.running_plans import yearly as yearly


def test_S10_a_new_price_is_offered_sixty_days_before_its_charge_once(yearly, announce, run):
    announce(yearly)
    run("2027-04-10")
    assert not PriceOffer.objects.exists()
    run("2027-04-11", "2027-04-11", "2027-04-12")
    offer = PriceOffer.objects.get()
    assert (offer.period_index, offer.charge_on) == (1, date(2027, 6, 10))
    assert (offer.old_price, offer.price, offer.vat_rate) == (Decimal("60.00"), Decimal("72.00"), Decimal("19.00"))


def test_S10_the_notice_names_both_prices_the_date_and_the_page(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    notice = Notice.objects.get(kind="price_change")
    facts = {key: notice.facts[key] for key in ("old_price", "price", "charge_on", "term")}
    assert facts == {"old_price": "60.00", "price": "72.00", "charge_on": "2027-06-10", "term": "yearly"}
    assert notice.facts["url"].endswith(f"{yearly.public_id}/new-price/")


def test_S10_a_monthly_plan_pays_the_old_price_until_the_touched_charge(monthly, announce, run):
    announce(monthly, "6.00", effective_on=date(2026, 10, 1))
    run("2026-07-10", "2026-08-11", "2026-09-10")
    assert PriceOffer.objects.get().charge_on == date(2026, 10, 10)
    accept(monthly, "2026-09-20")
    run("2026-10-10", "2026-11-10")
    assert amounts(monthly) == ["5.00", "5.00", "5.00", "5.00", "6.00", "6.00"]


@pytest.mark.parametrize(
    ("announced", "first_run", "charge_on"),
    [
        # The sixtieth day before 10 October is 11 August.
        ("2026-06-20", "2026-08-11", date(2026, 10, 10)),
        # The run was late, or the price announced late: the next charge that leaves sixty days.
        ("2026-08-12", "2026-08-12", date(2026, 11, 10)),
        ("2026-06-20", "2026-08-13", date(2026, 11, 10)),
    ],
)
def test_S10_late_the_next_charge_that_leaves_sixty_days_is_touched(
    monthly, announce, run, announced, first_run, charge_on
):
    announce(monthly, "6.00", effective_on=date(2026, 10, 1), now=at(announced))
    run(first_run, "2026-09-10", "2026-09-11")
    assert PriceOffer.objects.get().charge_on == charge_on


def test_S10_an_outage_over_the_sixtieth_day_leaves_the_year_at_the_old_price(yearly, announce, run):
    announce(yearly)
    run("2027-04-10", "2027-04-12", "2027-06-10")
    assert amounts(yearly) == ["60.00", "60.00"]
    run("2028-04-11")
    assert PriceOffer.objects.get().charge_on == date(2028, 6, 10)


def test_S10_a_contract_made_since_the_day_of_the_price_is_not_touched(car, card, digital_key, gateway, announce, run):
    later = make.subscription(car, package=digital_key, gateway=gateway, now=at("2027-01-01"))
    announce(later)
    run("2027-11-02")
    assert not PriceOffer.objects.exists()


def test_S10_of_two_prices_for_one_day_the_one_announced_last_is_offered(yearly, announce, run):
    announce(yearly, "720.00")
    announce(yearly, "72.00")
    run("2027-04-11")
    assert PriceOffer.objects.get().price == Decimal("72.00")


def test_S10_the_price_that_is_agreed_already_is_not_offered(yearly, announce, run):
    announce(yearly, "60.00")
    run("2027-04-11")
    assert not PriceOffer.objects.exists()


def test_S10_what_is_ending_is_offered_nothing(yearly, announce, run):
    announce(yearly)
    cancel(subscription=yearly, confirmed=None, now=at("2027-04-10"), by=yearly.account)
    run("2027-04-11")
    assert not PriceOffer.objects.exists()
    assert make_offer(subscription_id=yearly.pk, now=at("2027-04-11")) is None


@pytest.mark.parametrize(("gone_on", "offers"), [(date(2027, 6, 10), 0), (date(2027, 6, 11), 1)])
def test_S10_a_charge_that_will_not_be_made_is_offered_no_price(
    yearly, announce, run, market, stranger, gone_on, offers
):
    announce(yearly)
    discontinue_package(
        package=yearly.package, market=market, ends_on=gone_on, reason="over", now=at("2027-04-01"), by=stranger
    )
    run("2027-04-11")
    assert PriceOffer.objects.count() == offers


def test_S10_a_price_of_the_past_is_refused(yearly, announce):
    with refused("price_past"):
        announce(yearly, effective_on=date(2026, 6, 9))


def test_S10_the_load_of_a_new_catalogue_price_leaves_the_contract_as_it_is(yearly, run):
    Plan.objects.filter(pk=yearly.plan_id).update(price=Decimal("80.00"))
    run("2027-06-10")
    assert amounts(yearly) == ["60.00", "60.00"]


def test_the_sweep_finds_just_those_whose_charge_is_in_sixty_days(owner, market, card, digital_key, gateway, announce):
    """One day's activations after another, over month ends: the database and the rule agree."""
    cars = [make.active_car(owner, number) for number in range(1, 9)]
    days = [
        "2026-06-10",
        "2026-06-28",
        "2026-06-29",
        "2026-06-30",
        "2026-07-31",
        "2026-08-31",
        "2026-09-30",
        "2026-10-30",
    ]
    rows = [
        make.subscription(car, package=digital_key, term="monthly", gateway=gateway, now=at(day))
        for car, day in zip(cars, days, strict=True)
    ]
    announce(rows[0], "6.00", effective_on=date(2026, 11, 1))
    for day in ("2026-12-30", "2026-12-31", "2027-01-01", "2026-12-29"):
        found = offers_to_make(market=market, now=at(day))
        made = [row.pk for row in rows if _would_be_offered(row, at(day))]
        assert sorted(found) == sorted(made), day


def _would_be_offered(row, now) -> bool:
    with transaction.atomic():
        offer = make_offer(subscription_id=row.pk, now=now)
        transaction.set_rollback(True)
    return offer is not None


def test_the_sweep_costs_two_queries_however_many_subscriptions_there_are(
    owner, market, car, card, digital_key, gateway, announce
):
    announce(make.subscription(car, package=digital_key, gateway=gateway))
    for number in range(2, 6):
        make.subscription(make.active_car(owner, number), package=digital_key, gateway=gateway)
    with CaptureQueriesContext(connection) as queries:
        assert len(offers_to_make(market=market, now=at("2027-04-11"))) == 5
    assert len(queries) == 2


def test_a_run_that_was_killed_amid_an_offer_leaves_nothing_and_the_next_makes_it_whole(yearly, announce, run):
    """A notice that cannot be worded stands for the kill: the offer is of the same transaction."""
    announce(yearly)
    names = yearly.package.names
    Package.objects.update(names=[])
    run("2027-04-11")
    assert not PriceOffer.objects.exists()
    Package.objects.update(names=names)
    run("2027-04-11")
    assert (PriceOffer.objects.count(), Notice.objects.filter(kind="price_change").count()) == (1, 1)
