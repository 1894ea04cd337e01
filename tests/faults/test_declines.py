"""A bank that says no (faults 14, 15, 16), over the wire, day by day."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import Notice
from subscriptions.actions.pay_now import finish_paying, pay_now
from subscriptions.actions.run import charging_run
from subscriptions.gateway.port import Charged, NeedsAuthentication
from subscriptions.models import Payment
from tests import make
from tests.faults.books import assert_books_are_right

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def card_ref(garage) -> str:
    return garage.account.cards.get().card_ref


@pytest.fixture
def both_runs_of(market, portal, today):
    """The morning's and the evening's run of the day so many days from now, by the market's clock."""

    def run(days: int) -> None:
        local = (today + timedelta(days=days)).astimezone(market.zone)
        for hour in (6, 18):
            charging_run(market=market, now=local.replace(hour=hour), gateway=portal)

    return run


def told() -> Counter:
    kinds = ("payment_failed", "authentication_needed", "subscription_ended", "invoice_issued")
    return Counter(Notice.objects.filter(kind__in=kinds).values_list("kind", flat=True))


def tries() -> list[tuple]:
    return list(Payment.objects.order_by("pk").values_list("attempt", "status"))


def test_F14_a_card_reported_stolen_is_sent_once_and_never_again(order, bank, card_ref, both_runs_of, today):
    [subscription] = order()
    bank.gateway.set_behaviour(card_ref=card_ref, behaviour="stolen")
    for day in (0, 1, 2, 3):
        both_runs_of(day)
    subscription.refresh_from_db()
    assert (tries(), bank.charged()) == ([(1, "declined")], [])
    assert (subscription.status, subscription.end_reason) == ("ended", "payment_failed")
    assert told() == {"payment_failed": 3, "subscription_ended": 1}
    assert_books_are_right(bank, now=today + timedelta(days=3))


def test_F15_two_declines_and_a_success_on_the_third_day(order, bank, card_ref, both_runs_of, today):
    [subscription] = order()
    due_on = subscription.next_charge_on
    bank.gateway.set_behaviour(card_ref=card_ref, behaviour="insufficient_funds")
    both_runs_of(0)
    both_runs_of(1)
    bank.gateway.set_behaviour(card_ref=card_ref, behaviour="ok")
    both_runs_of(2)
    subscription.refresh_from_db()
    assert tries() == [(1, "declined"), (2, "declined"), (3, "succeeded")]
    assert (Payment.objects.get(status="succeeded").period_from, subscription.status) == (due_on, "paid")
    assert told() == {"payment_failed": 2, "invoice_issued": 1}
    assert_books_are_right(bank, now=today + timedelta(days=2, hours=12))


def test_F15_three_declines_end_it_on_the_third_day(order, bank, card_ref, both_runs_of, today, market):
    [subscription] = order()
    bank.gateway.set_behaviour(card_ref=card_ref, behaviour="insufficient_funds")
    for day in (0, 1, 2, 3):
        both_runs_of(day)
    subscription.refresh_from_db()
    third_day = market.local_date(today) + timedelta(days=2)
    assert tries() == [(1, "declined"), (2, "declined"), (3, "declined")]
    assert (subscription.status, subscription.ends_on) == ("ended", third_day)
    assert told() == {"payment_failed": 3, "subscription_ended": 1}
    assert_books_are_right(bank, now=today + timedelta(days=3))


def test_F16_a_card_to_be_confirmed_waits_for_its_customer_who_gets_a_link(
    order, bank, card_ref, both_runs_of, garage, portal, today
):
    [subscription] = order()
    bank.gateway.set_behaviour(card_ref=card_ref, behaviour="needs_authentication")
    both_runs_of(0)
    both_runs_of(1)
    assert (tries(), bank.charged()) == ([(1, "declined")], [])
    assert told() == {"authentication_needed": 2}
    subscription.refresh_from_db()
    now = today + timedelta(days=1)
    asked = {"subscription": subscription, "now": now, "gateway": portal}
    sent_to = pay_now(**asked, card=None, return_url=f"{make.RETURN_ORIGIN}/back", by=garage.account)
    assert isinstance(sent_to, NeedsAuthentication)
    bank.gateway.confirm_charge(url=sent_to.url)
    assert isinstance(finish_paying(**asked), Charged)
    both_runs_of(2)
    subscription.refresh_from_db()
    assert (subscription.status, len(bank.charged())) == ("paid", 1)
    assert_books_are_right(bank, now=today + timedelta(days=2))
