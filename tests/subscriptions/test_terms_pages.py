"""The pages of a new price and of a change of term, without JavaScript (S8, S10, X10)."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from subscriptions.actions.discontinue import discontinue_package
from subscriptions.actions.price_change import announce_price
from subscriptions.actions.run import charging_run
from subscriptions.models import ContractAmendment, Plan, PlannedChange, PriceOffer, Subscription
from tests import make
from tests.clean_ledger import _the_ledger_adds_up as _the_ledger_adds_up
from tests.journeys.conftest import words

OFFERED_AT = datetime(2027, 4, 11, 9, tzinfo=UTC)


@pytest.fixture
def yearly(car, card, digital_key, gateway):
    """Paid with 60.00 on 10 June 2026."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def at_the_owner(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def offered(yearly, market, gateway, clock, stranger, at_the_owner):
    """A new price of 72.00 from 10 June 2027, offered on 11 April."""
    plan = Plan.objects.get(pk=yearly.plan_id)
    announce_price(
        plan=plan, price=Decimal("72.00"), effective_on=date(2027, 1, 1), reason="dearer", now=make.NOW, by=stranger
    )
    clock.now = OFFERED_AT
    charging_run(market=market, now=clock.now, gateway=gateway)
    with time_machine.travel(OFFERED_AT, tick=False):
        at_the_owner.force_login(yearly.account)
        yield yearly


def address(name, subscription, query="") -> str:
    return reverse(name, args=[subscription.public_id]) + query


def seal_on(client, url) -> str:
    return re.search(r'name="shown" value="([^"]+)"', client.get(url).content.decode())[1]


def send(client, url, **fields) -> str:
    return words(client.post(url, {"shown": seal_on(client, url)} | fields, follow=True))


# A new price


def test_S10_the_page_shows_both_prices_in_total_and_per_month(at_the_owner, offered):
    shown = words(at_the_owner.get(address("new_price", offered)))
    for part in ("€60.00", "€5.00", "€72.00", "€6.00", "10 June 2027", "nothing is charged on 10 June 2027"):
        assert part in shown
    assert "I accept €72.00 instead of €60.00 for Digital-Key, VAT included" in shown


def test_S10_accepted_it_stands_beside_the_contract_for_ever(at_the_owner, offered):
    said = send(at_the_owner, address("new_price", offered), answer="accept")
    assert "The new price is agreed." in said
    kept = ContractAmendment.objects.get()
    assert kept.order_text in said
    assert "from the charge of 10 June 2027 on" in kept.order_text
    page = words(at_the_owner.get(address("subscription", offered)))
    assert "From 10 June 2027 €72.00" in page
    assert "See the new price" not in page


def test_S10_not_accepted_the_page_says_when_it_ends_and_lets_change_ones_mind(at_the_owner, offered):
    said = send(at_the_owner, address("new_price", offered), answer="decline")
    assert "it ends on 10 June 2027" in said
    assert PriceOffer.objects.get().declined_at == OFFERED_AT
    assert "You can still change your mind" in words(at_the_owner.get(address("new_price", offered)))
    assert "The new price is agreed." in send(at_the_owner, address("new_price", offered), answer="accept")


def test_X10_a_forged_confirmation_agrees_to_nothing(at_the_owner, offered):
    answer = at_the_owner.post(address("new_price", offered), {"shown": "forged", "answer": "accept"})
    assert "Something has changed" in words(answer)
    assert not ContractAmendment.objects.exists()


def test_S10_the_subscriptions_page_leads_to_the_offer(at_the_owner, offered):
    page = words(at_the_owner.get(address("subscription", offered), {"day": "2027-06-10"}))
    for part in (
        "New price on 10 June 2027",
        "Without your answer it ends on that day",
        "unless you accept the new price",
    ):
        assert part in page


def test_without_an_offer_there_is_nothing_to_answer(at_the_owner, yearly):
    with time_machine.travel(make.NOW, tick=False):
        answer = at_the_owner.post(address("new_price", yearly), {"answer": "accept"}, follow=True)
    assert "no new price that waits" in words(answer)


# A change of term


@pytest.fixture
def _september():
    with time_machine.travel(datetime(2026, 9, 20, 9, tzinfo=UTC), tick=False):
        yield


@pytest.mark.usefixtures("_september")
def test_S8_both_sides_are_shown_and_then_done(at_the_owner, yearly, deliver):
    assert "Change the term" in words(at_the_owner.get(address("subscription", yearly)))
    assert "€5.00" in words(at_the_owner.get(address("term", yearly)))
    shown = words(at_the_owner.get(address("term", yearly, "?term=monthly")))
    for part in ("What ends: yearly", "10 October 2026", "€40.00", "What can begin: monthly", "Nothing is ordered"):
        assert part in shown
    said = send(at_the_owner, address("term", yearly, "?term=monthly"))
    assert "From 10 October 2026 on you can order the new term" in said
    assert "You plan to go on monthly" in said
    assert PlannedChange.objects.get().begins_on == date(2026, 10, 10)
    deliver()


@pytest.mark.usefixtures("_september")
@pytest.mark.parametrize("query", ["", "?term=yearly", "?term=weekly"])
def test_S8_what_is_no_other_term_is_asked_for_again(at_the_owner, yearly, query):
    assert "Change the term of Digital-Key" in words(at_the_owner.get(address("term", yearly, query)))
    at_the_owner.post(address("term", yearly, query))
    assert Subscription.objects.get().ends_on is None


def test_S8_where_nothing_is_used_yet_the_order_follows_at_once(at_the_owner, yearly, car, deliver):
    with time_machine.travel(make.NOW, tick=False):
        url = address("term", yearly, "?term=monthly")
        assert "no second free month" in words(at_the_owner.get(url))
        answer = at_the_owner.post(url, {"shown": seal_on(at_the_owner, url)})
        assert answer["Location"].endswith("/digital-key/order/summary/?term=monthly")
        assert "I order Digital-Key, monthly" in words(at_the_owner.get(answer["Location"]))
    deliver()


@pytest.mark.usefixtures("_september")
def test_X10_a_forged_change_of_term_changes_nothing(at_the_owner, yearly):
    answer = at_the_owner.post(address("term", yearly, "?term=monthly"), {"shown": "forged"})
    assert "Something has changed" in words(answer)
    assert Subscription.objects.get().ends_on is None


# A discontinued package


def test_S10_a_discontinued_package_is_told_on_its_pages(at_the_owner, yearly, market, car, stranger, now):
    discontinue_package(
        package=yearly.package, market=market, ends_on=date(2026, 10, 1), reason="over", now=now, by=stranger
    )
    with time_machine.travel(now, tick=False):
        page = words(at_the_owner.get(address("subscription", yearly)))
        assert "It ends on 1 October 2026 at the latest" in page
        assert "Ends on 1 October 2026 It is not offered any more." in page
        assert "Ends with its package" in page
        answer = at_the_owner.get(address("term", yearly), follow=True)
    assert "There is no other term to change to." in words(answer)
