"""The customer acts while a charge is in flight, twice at once, or together with an agent (faults 34, 35, 36)."""

from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.models import AuditRecord
from subscriptions.actions.again import repeat_refund
from subscriptions.actions.cancel import cancel
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.refund import promise_refund, send_refund
from subscriptions.actions.run import charging_run
from subscriptions.actions.wallet import make_primary
from subscriptions.actions.withdraw import withdraw
from subscriptions.gateway import get_gateway
from subscriptions.models import Payment, Refund
from tests import make
from tests.faults.actors import later
from tests.faults.at_once import at_once, in_background
from tests.faults.bank import CHARGE
from tests.faults.books import assert_books_are_right, give_back

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def while_a_charge_is_in_flight(bank, market, today):
    """Does something while the provider has the request and has not answered."""

    def during(act, **arguments):
        bank.proxy.strike("hold", when=CHARGE)
        with in_background(charging_run, market=market, now=today, gateway=get_gateway()) as run:
            assert bank.proxy.is_holding.wait(timeout=20)
            act(**arguments)
            bank.proxy.release()
            run.result(timeout=30)

    return during


def test_F34_another_card_chosen_in_flight_pays_the_next_period_not_this_one(
    order, while_a_charge_is_in_flight, bank, garage, today
):
    order()
    other = make.card(garage.account, gateway=bank.gateway, nth=1, now=today)
    while_a_charge_is_in_flight(make_primary, card=other, now=today, by=garage.account)
    payment = Payment.objects.get()
    assert (payment.status, payment.card == other, len(bank.charged())) == ("succeeded", False, 1)
    assert_books_are_right(bank, now=today)


@pytest.mark.parametrize("leaves", [False, True], ids=["cancelled", "car removed"])
def test_F34_ended_in_flight_the_charge_is_given_back_whole_and_once(
    order, while_a_charge_is_in_flight, bank, garage, today, leaves
):
    [subscription] = order()
    if leaves:
        while_a_charge_is_in_flight(remove_vehicle, membership=garage, confirmed=None, now=today, by=garage.account)
    else:
        while_a_charge_is_in_flight(cancel, subscription=subscription, confirmed=None, now=today, by=garage.account)
    give_back(now=today)
    subscription.refresh_from_db()
    refund = Refund.objects.get()
    assert (subscription.status, refund.amount, refund.status) == ("ended", Decimal("60.00"), "succeeded")
    assert_books_are_right(bank, now=today)


def test_F34_an_order_withdrawn_in_flight_is_given_back_whole_and_once(market, bank, garage, today):
    package = make.package("at-once", market=market, prices={"yearly": "60.00"})
    bank.proxy.strike("drop_reply", when=CHARGE)
    pending = make.subscription(garage, package=package, gateway=get_gateway(), now=today)
    assert pending.is_pending
    answers = at_once(
        [
            lambda: withdraw(subscription=pending, confirmed=None, now=today, by=garage.account),
            lambda: charging_run(market=market, now=today, gateway=bank.gateway),
        ]
    )
    # Whoever is first: one that is not known to be a contract yet cannot be withdrawn from, a moment later it can.
    if answers[0] == "nothing_to_cancel":
        withdraw(subscription=pending, confirmed=None, now=today, by=garage.account)
    give_back(now=today)
    assert Refund.objects.get().amount == Decimal("60.00")
    assert_books_are_right(bank, now=today)


@pytest.fixture
def tabs(garage):
    """Two windows of the same customer."""
    windows = Client(), Client()
    for window in windows:
        window.force_login(garage.account)
    return windows


def test_F35_cancelling_in_two_tabs_has_one_effect_and_both_see_the_same_page(order, market, bank, tabs, garage, today):
    [subscription] = order()
    charging_run(market=market, now=today, gateway=bank.gateway)
    page = reverse("cancellation", args=[subscription.public_id])
    shown = tabs[0].get(page).context["seal"]
    answers = at_once([partial(tab.post, page, {"shown": shown}) for tab in tabs])
    assert [answer["Location"] for answer in answers] == [reverse("subscription", args=[subscription.public_id])] * 2
    assert (Refund.objects.count(), AuditRecord.objects.filter(what="cancelled").count()) == (1, 1)
    give_back(now=later(today))
    assert_books_are_right(bank, now=later(today))


def test_F35_customer_and_agent_who_cancel_together_cancel_once(order, market, bank, garage, today):
    [subscription] = order()
    charging_run(market=market, now=today, gateway=bank.gateway)
    agent = make.account("agent@example.com", market=market, is_staff=True)
    act = partial(cancel, subscription=subscription, confirmed=None, now=today)
    answers = at_once([partial(act, by=garage.account), partial(act, by=agent)])
    assert answers.count("nothing_to_cancel") == 1
    give_back(now=today)
    assert Refund.objects.count() == 1
    assert_books_are_right(bank, now=today)


def test_F35_paying_in_two_tabs_charges_once(order, market, bank, tabs, garage, today):
    [subscription] = order()
    bank.gateway.set_behaviour(card_ref=garage.account.cards.get().card_ref, behaviour="insufficient_funds")
    charging_run(market=market, now=today, gateway=bank.gateway)
    other = make.card(garage.account, gateway=bank.gateway, nth=1, now=today)
    make_primary(card=other, now=today, by=garage.account)
    page = reverse("payment", args=[subscription.public_id])
    answers = at_once([partial(tab.post, page, {"card": str(other.public_id)}) for tab in tabs])
    assert [answer["Location"] for answer in answers] == [reverse("subscription", args=[subscription.public_id])] * 2
    subscription.refresh_from_db()
    assert (len(bank.charged()), subscription.status) == (1, "paid")
    assert_books_are_right(bank, now=later(today))


def test_F35_a_rejected_refund_repeated_by_two_agents_is_paid_once(order, market, bank, garage, today):
    [subscription] = order()
    charging_run(market=market, now=today, gateway=bank.gateway)
    card_ref = garage.account.cards.get().card_ref
    bank.gateway.set_refund_behaviour(card_ref=card_ref, behaviour="rejected")
    cancel(subscription=subscription, confirmed=None, now=today, by=garage.account)
    give_back(now=today)
    bank.gateway.set_refund_behaviour(card_ref=card_ref, behaviour="ok")
    refund, agent = Refund.objects.get(), make.account("agent@example.com", market=market, is_staff=True)
    again = partial(repeat_refund, refund=refund, times=0, reason="asked", now=today, by=agent)
    assert at_once([again, again]).count("not_rejected") == 1
    give_back(now=today)
    at_once([partial(send_refund, refund_id=refund.pk, now=today, gateway=bank.gateway)] * 2)
    assert_books_are_right(bank, now=today)


@pytest.mark.parametrize("amounts", [("40.00", "40.00"), ("60.01",)], ids=["two at once", "more than paid"])
def test_F36_refunds_of_one_payment_never_add_up_to_more_than_was_paid(order, market, bank, today, amounts):
    order()
    charging_run(market=market, now=today, gateway=bank.gateway)
    payment = Payment.objects.get()

    def promise(amount: str):
        try:
            with transaction.atomic():
                return promise_refund(payment=payment, amount=Decimal(amount), basis="pro_rata", now=today)
        except IntegrityError as error:
            return "payment_refunded_at_most_paid" if "payment_refunded_at_most_paid" in str(error) else str(error)

    answers = at_once([partial(promise, amount) for amount in amounts])
    assert answers.count("payment_refunded_at_most_paid") == 1
    give_back(now=today)
    payment.refresh_from_db()
    assert (payment.refunded, Refund.objects.count()) == (Decimal("40.00") * (len(amounts) - 1), len(amounts) - 1)
    assert_books_are_right(bank, now=today)
