"""S13: what a day would bring is what that day brings, and it is shown where one decides."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from subscriptions.actions.cancel import cancel
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.run import charging_run
from subscriptions.actions.withdraw import withdraw
from subscriptions.models import Refund
from subscriptions.what_if import may_ask, what_if
from tests import make
from tests.journeys import conftest as journeys


def words(response) -> str:
    """Without the blank that stands for a tag before a comma."""
    return journeys.words(response).replace(" ,", ",")


@pytest.fixture
def yearly(car, card, digital_key, gateway):
    """60.00 paid on 10 June 2026 for a year."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def trial(car, card, navigation, gateway):
    return make.subscription(car, package=navigation, gateway=gateway)


@pytest.fixture
def ask(client, owner, now):
    """The subscription's page, asked about a day."""

    def asked(subscription, day: str) -> str:
        client.force_login(owner)
        with time_machine.travel(now, tick=False):
            return words(client.get(reverse("subscription", args=[subscription.public_id]), {"day": day}))

    return asked


@pytest.mark.parametrize("after", [0, 30, 31, 45, 100, 400, 800])
@pytest.mark.parametrize("plan", ["yearly", "trial"])
def test_S13_what_was_foretold_of_a_cancellation_is_executed(request, plan, after, market, gateway, now):
    subscription = request.getfixturevalue(plan)
    then = now + make.days(after)
    foretold = what_if(subscription, on=market.local_date(then), now=now)
    for day in [*foretold.charged_on]:
        charging_run(market=market, now=then.replace(year=day.year, month=day.month, day=day.day), gateway=gateway)
    ended = cancel(subscription=subscription, confirmed=foretold.cancellation, now=then, by=subscription.account)
    assert ended.payments.count() == len(foretold.charged_on) + (plan == "yearly")
    assert ended.ends_on == foretold.cancellation.ends_on


@pytest.mark.parametrize(("after", "refund"), [(0, "60.00"), (14, "60.00"), (15, None)])
def test_S13_what_was_foretold_of_a_withdrawal_is_executed(yearly, market, now, after, refund):
    then = now + make.days(after)
    foretold = what_if(yearly, on=market.local_date(then), now=now)
    assert (foretold.withdrawal and str(foretold.withdrawal.refund)) == refund
    if foretold.withdrawal:
        withdraw(subscription=yearly, confirmed=foretold.withdrawal, now=then, by=yearly.account)
        assert Refund.objects.get().amount == Decimal(refund)
    else:
        assert "fourteen days" in str(foretold.no_withdrawal)


def test_S13_an_end_that_is_set_is_told_and_still_withdrawn_from_with_what_is_left(yearly, now):
    ending = cancel(subscription=yearly, confirmed=None, now=now + make.days(2), by=yearly.account)
    foretold = what_if(ending, on=date(2026, 6, 14), now=now + make.days(2))
    assert (foretold.cancellation, foretold.withdrawal.refund) == (None, Decimal("5.00"))
    assert foretold.next_charges == ()
    later = what_if(ending, on=ending.ends_on, now=now + make.days(2))
    assert later.no_cancellation == later.no_withdrawal == "It will have ended by then."


def test_S13_free_years_end_that_day_and_ended_contracts_are_not_asked_about(market, owner, now, yearly):
    remote = make.package("remote", market=market, complimentary_months={"MM21": 48})
    car = make.active_car(owner, 2, warranty_start=date(2024, 1, 1))
    free = activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner)
    foretold = what_if(free, on=date(2027, 1, 1), now=now)
    assert (foretold.cancellation.ends_on, foretold.next_charges) == (date(2027, 1, 1), ())
    over = withdraw(subscription=yearly, confirmed=None, now=now, by=owner)
    assert (may_ask(free), may_ask(over)) == (True, False)


def test_S13_the_page_shows_end_refund_and_next_charges(ask, yearly):
    page = ask(yearly, "2026-09-18")
    assert "Ends on 10 October 2026, refund €40.00." in page
    assert "€60.00 each on 10 June 2027, 10 June 2028, 10 June 2029" in page


def test_S13_the_page_shows_removal_and_change_of_term(ask, yearly):
    page = ask(yearly, "2026-09-18")
    assert "Remove the car Ends on 18 September 2026, refund €40.00." in page
    assert "from 10 October 2026 on it can be ordered anew: Monthly: €5.00 each on 10 October 2026" in page


def test_S13_the_page_shows_what_becomes_of_add_ons_and_of_others_on_the_car(ask, yearly, trial, market, car, gateway):
    wifi = make.package("wifi", market=market, prices={"yearly": "24.00"}, base=yearly.package)
    make.subscription(car, package=wifi, gateway=gateway)
    page = ask(yearly, "2026-09-18")
    assert "Its addition ends with it, refund €16.00." in page
    assert "2 more subscriptions end with the car; refund in all €130.25." in page


def test_S13_at_checkout_a_day_can_be_asked_about(client, owner, car, card, navigation, now):
    client.force_login(owner)
    asked = {"term": "yearly", "day": "2027-03-01"}
    with time_machine.travel(now, tick=False):
        page = words(client.get(reverse("checkout_summary", args=[car.public_id, "navigation"]), asked))
        wrong = words(client.get(reverse("checkout_summary", args=[car.public_id, "navigation"]), asked | {"day": "x"}))
    assert "On 1 March 2027" in page
    assert "Remove the car Ends on 1 March 2027, refund €33.00." in page
    assert "Monthly: €9.90 each on 10 March 2027" in page
    assert "On 19 June 2026" not in page
    assert "This is no day of the calendar." in wrong
    assert "On 19 June 2026" in wrong


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-06-09", "This day is over."),
        ("2031-06-11", "This is more than five years away."),
        ("32/13/2026", "This is no day of the calendar."),
        ("", "Please choose a day."),
        ("0001-01-01", "This day is over."),
        ("9999-12-31", "This is more than five years away."),
    ],
)
def test_S13_a_day_that_cannot_be_asked_about_is_refused_in_words(ask, yearly, day, said):
    assert said in ask(yearly, day)


def test_S13_the_summary_of_an_order_folds_out_three_days(client, owner, car, card, navigation, now):
    client.force_login(owner)
    with time_machine.travel(now, tick=False):
        page = words(client.get(reverse("checkout_summary", args=[car.public_id, "navigation"]) + "?term=yearly"))
    for day in ("On 19 June 2026", "On 19 January 2027", "On 19 July 2027"):
        assert day in page
    assert "Ends on 10 February 2027, refund €41.25." in page


# How we calculate


def public(market, now, **asked: str):
    with time_machine.travel(now, tick=False):
        return Client().get(reverse("how_we_calculate"), asked)


def test_S13_the_worked_sums_are_public_without_cookie_or_token(market, now):
    response = public(market, now)
    page = words(response)
    assert (response.cookies, "csrfmiddlewaretoken" in response.content.decode()) == ({}, False)
    for sum_of_the_rules in (
        "€99.00 × 8 / 12",
        "€66.00",
        "€299.00 × 32 / 48",
        "€199.33",
        "10 February 2024, 10 February 2028",
        "31 January 2024, 29 February 2024, 31 March 2024, 30 April 2024",
        "€83.19 €15.81",
    ):
        assert sum_of_the_rules in page


def test_S13_anybody_may_ask_about_a_sample_order(market, now):
    page = words(public(market, now, term="yearly", free_month="on", day="2026-11-30"))
    assert "Charged by then: €99.00, on 10 July 2026" in page
    assert "Ends on 10 December 2026, refund €57.75." in page
    assert "refund €299.00" in words(public(market, now, term="four-yearly", day="2026-06-10"))
    assert "Please" in words(public(market, now, term="weekly", day=""))


@pytest.mark.parametrize("name", ["subscription", "cancellation"])
def test_S13_the_way_to_the_worked_sums_stands_where_one_decides(client, owner, yearly, now, name):
    client.force_login(owner)
    with time_machine.travel(now, tick=False):
        page = client.get(reverse(name, args=[yearly.public_id])).content.decode()
        documents = client.get(reverse("documents")).content.decode()
    assert reverse("how_we_calculate") in page
    assert reverse("how_we_calculate") in documents
