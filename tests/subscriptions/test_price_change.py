"""S10: the price of a running subscription is the contract's until a new one is accepted."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice
from portal.models import AuditRecord, Market
from subscriptions.actions.begin import begin
from subscriptions.actions.cancel import cancel, undo_cancellation
from subscriptions.actions.discontinue import discontinue_package
from subscriptions.actions.price_answer import accept_price, decline_price, end_unaccepted, offer_to_answer, shown
from subscriptions.actions.price_change import announce_price, make_offer, offers_to_make
from subscriptions.actions.run import charging_run
from subscriptions.explaining import explain
from subscriptions.models import Document, Package, Plan, PriceOffer, Refund
from subscriptions.what_if import what_if
from tests import make
from tests.clean_ledger import _the_ledger_adds_up as _the_ledger_adds_up
from tests.refusing import assert_append_only, refused

# Ordered on 10 June 2026 for a year at 60.00 (without a trial) or for a month at 5.00.
EFFECTIVE = date(2027, 1, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T09:00").replace(tzinfo=UTC)


@pytest.fixture
def yearly(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def monthly(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, term="monthly", gateway=gateway)


@pytest.fixture
def announce(stranger, now):
    """Finance sets a new price."""

    def announced(subscription, price="72.00", *, effective_on=EFFECTIVE, now=now):
        plan = Plan.objects.get(pk=subscription.plan_id)
        return announce_price(
            plan=plan, price=Decimal(price), effective_on=effective_on, reason="dearer", now=now, by=stranger
        )

    return announced


@pytest.fixture
def run(market, gateway, clock):
    def on(*days: str):
        for day in days:
            clock.now = at(day)
            charging_run(market=market, now=clock.now, gateway=gateway)

    return on


def accept(subscription, on: str):
    offer = offer_to_answer(subscription, now=at(on))
    return accept_price(
        subscription=subscription, confirmed=shown(offer), order_text="I accept.", now=at(on), by=subscription.account
    )


def amounts(subscription) -> list[str]:
    return [str(payment.amount) for payment in subscription.payments.order_by("period_index")]


def fresh(subscription):
    return type(subscription).objects.get(pk=subscription.pk)


# Offered


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


# Accepted


def test_S10_accepted_it_is_charged_invoiced_and_refunded_at_the_new_price(yearly, announce, run, deliver):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    run("2027-06-10")
    assert amounts(yearly) == ["60.00", "72.00"]
    invoice = Document.objects.get(kind="invoice", gross=Decimal("72.00"))
    assert (invoice.net, invoice.vat) == (Decimal("60.50"), Decimal("11.50"))
    cancel(subscription=yearly, confirmed=None, now=at("2027-09-09"), by=yearly.account)
    assert Refund.objects.get().amount == Decimal("54.00")
    deliver()


def test_S10_before_its_charge_the_refund_is_of_the_price_that_was_paid(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    cancel(subscription=yearly, confirmed=None, now=at("2027-05-09"), by=yearly.account)
    assert Refund.objects.get().amount == Decimal("5.00")


def test_S10_an_amendment_keeps_what_was_agreed_and_is_mailed(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    kept = accept(yearly, "2027-05-01")
    assert (kept.price, kept.vat_rate, kept.first_charge_on) == (Decimal("72.00"), Decimal("19.00"), date(2027, 6, 10))
    assert (kept.order_text, kept.language, kept.terms_version.version) == ("I accept.", "en", "2020-01")
    assert Notice.objects.get(kind="price_accepted").facts["contract_number"] == yearly.contract.number
    assert_append_only(kept)


def test_S10_the_next_rise_starts_from_the_accepted_price(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    announce(yearly, "84.00", effective_on=date(2028, 1, 1), now=at("2027-05-02"))
    run("2027-06-10", "2028-04-11")
    offer = PriceOffer.objects.latest("pk")
    assert (offer.old_price, offer.price, offer.charge_on) == (Decimal("72.00"), Decimal("84.00"), date(2028, 6, 10))
    accept(yearly, "2028-04-12")
    run("2028-06-10")
    assert amounts(yearly) == ["60.00", "72.00", "84.00"]


def test_S10_a_new_vat_rate_comes_with_the_new_price(yearly, announce, run, market):
    Market.objects.update(vat_rate=Decimal("20.00"))
    announce(yearly, "60.00")
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    run("2027-06-10")
    rates = Document.objects.order_by("sequence").values_list("vat_rate", flat=True)
    assert list(rates) == [Decimal("19.00"), Decimal("20.00")]


def test_X10_another_price_than_was_shown_is_not_agreed(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    stale = type(shown(PriceOffer.objects.get()))(
        old_price=Decimal("60.00"), price=Decimal("61.00"), vat_rate=Decimal("19.00"), charge_on=date(2027, 6, 10)
    )
    with refused("quote_changed"):
        accept_price(subscription=yearly, confirmed=stale, order_text="I.", now=at("2027-05-01"), by=yearly.account)


def test_S10_it_is_accepted_once(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    with refused("nothing_to_accept"):
        accept(yearly, "2027-05-01")


def test_P2_a_retry_takes_the_accepted_price(yearly, announce, run, card, gateway):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="insufficient_funds")
    run("2027-06-10")
    assert Notice.objects.get(kind="payment_failed").facts["amount"] == "72.00"
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="ok")
    run("2027-06-11")
    assert amounts(yearly)[-1] == "72.00"


# Not accepted


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


# Foretold


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


# The sweep


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
