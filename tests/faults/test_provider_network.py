"""The way to the provider is cut, slow, limited, or leads to one that answers nonsense (faults 8 to 13, 47)."""

import time
from collections import Counter

import pytest

from accounts.models import Notice
from portal.models import AuditRecord
from subscriptions.actions.run import charging_run
from subscriptions.gateway.port import ProviderDown
from subscriptions.models import Document, Payment, WorkItem
from tests.faults.actors import later
from tests.faults.bank import CHARGE, IMPATIENT_SECONDS, open_bank
from tests.faults.books import assert_books_are_right, drain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(market, portal, today):
    """A charging run over the wire, so many minutes from now."""
    return lambda minutes=0: charging_run(market=market, now=later(today, minutes), gateway=portal)


def statuses() -> Counter:
    return Counter(Payment.objects.values_list("status", flat=True))


def declines_told() -> int:
    return Notice.objects.filter(kind="payment_failed").count()


def assert_charged_once(subscription, bank, *, now) -> None:
    subscription.refresh_from_db()
    assert (subscription.status, subscription.periods_paid, subscription.tries_used) == ("paid", 1, 0)
    assert bank.charged() == [f"{subscription.public_id}:0:1"]
    assert declines_told() == 0
    assert_books_are_right(bank, now=now)


@pytest.mark.parametrize("behaviour", ["timeout_charged", "timeout_not_charged"])
def test_F8_F9_a_charge_without_an_answer_is_asked_about_and_made_once(
    order, run, bank, garage, today, behaviour, market
):
    [subscription] = order()
    bank.gateway.set_behaviour(card_ref=garage.account.cards.get().card_ref, behaviour=behaviour)
    run()
    assert statuses() == {"unknown": 1}
    assert len(bank.charged()) == (behaviour == "timeout_charged")
    run(1)
    assert_charged_once(subscription, bank, now=later(today, 1))
    drain(now=later(today, 1))


def test_F10_a_key_that_is_answered_500_for_ever_is_given_up_once_the_list_has_no_charge_of_it(order, run, bank, today):
    [subscription] = order()
    spent = f"{subscription.public_id}:0:1"
    bank.proxy.strike("answer", when=f'"{spent}"'.encode(), times=100)
    run()
    run(12 * 60)
    assert (statuses(), bank.proxy.struck, bank.charged()) == ({"unknown": 1}, 2, [])
    run(24 * 60)
    assert (bank.charged(), bank.proxy.struck) == ([f"{subscription.public_id}:0:2"], 2)
    assert statuses() == {"failed": 1, "succeeded": 1}
    assert AuditRecord.objects.get(what="key given up").data["key"] == spent
    assert set(Payment.objects.values_list("attempt", flat=True)) == {1}
    assert_books_are_right(bank, now=later(today, 24 * 60))


def test_F10_a_key_of_which_the_list_has_a_charge_is_never_given_up(order, run, bank, today):
    [subscription] = order()
    bank.proxy.strike("reset", when=CHARGE)
    bank.proxy.strike("drop_reply", when=CHARGE)
    for hours in (0, 12, 24):
        run(hours * 60)
    assert AuditRecord.objects.filter(what="unknown").count() == 2
    assert not AuditRecord.objects.filter(what="key given up").exists()
    assert_charged_once(subscription, bank, now=later(today, 24 * 60))


def test_F11_beyond_the_providers_rate_the_run_slows_down_and_loses_nothing(order, market, today, tmp_path, bank):
    order(10)
    bank.kill()
    with open_bank(tmp_path, calls_per_second=5) as strict:
        began = time.monotonic()
        charging_run(market=market, now=today, gateway=strict.gateway)
        assert time.monotonic() - began > 1.0
    with open_bank(tmp_path) as again:
        assert len(again.charged()) == 10
        assert set(Payment.objects.values_list("status", "attempt")) == {("succeeded", 1)}
        assert_books_are_right(again, now=today)


@pytest.mark.parametrize(("mode", "is_charged"), [("reset", False), ("drop_reply", True)])
def test_F12_a_connection_reset_after_sending_is_no_answer(order, run, bank, today, mode, is_charged):
    [subscription] = order()
    bank.proxy.strike(mode, when=CHARGE)
    run()
    assert (statuses(), len(bank.charged())) == ({"unknown": 1}, is_charged)
    run(1)
    assert_charged_once(subscription, bank, now=later(today, 1))


def test_F13_a_slow_provider_is_waited_for(order, run, bank, today):
    [subscription] = order()
    bank.proxy.strike("delay", when=CHARGE, seconds=IMPATIENT_SECONDS / 2)
    run()
    assert_charged_once(subscription, bank, now=today)


def test_F13_a_provider_that_swallows_everything_is_asked_five_times_and_left_alone_until_it_is_back(
    order, run, market, portal, bank, today
):
    order(20)
    bank.proxy.strike("black_hole", times=1000)
    began = time.monotonic()
    run()
    # The run's questions about disputes and about charges that were lost are two of the five.
    assert (statuses(), bank.proxy.struck) == ({"unknown": 3, "failed": 17}, 5)
    with pytest.raises(ProviderDown, match="was not asked"):
        portal.find_charge(key="what a page asks")
    assert time.monotonic() - began < 5 * IMPATIENT_SECONDS + 10
    bank.proxy.calm()
    charging_run(market=market, now=later(today), gateway=bank.gateway)
    assert (len(bank.charged()), declines_told()) == (20, 0)
    assert_books_are_right(bank, now=later(today))


# Another sum


def test_F47_a_charge_over_another_amount_is_not_booked_nor_made_again_and_is_work(
    order, run, bank, start, garage, today
):
    [subscription] = order()
    bank.proxy.strike("reset", when=CHARGE)
    run()
    payment = Payment.objects.get()
    card_ref = garage.account.cards.get().card_ref
    bank.gateway.charge(key=payment.key, card_ref=card_ref, amount=payment.amount + 1, currency="EUR", description="")
    for minutes in (16, 30, 24 * 60):
        run(minutes)
    subscription.refresh_from_db()
    assert (statuses(), subscription.status, Document.objects.count()) == ({"unknown": 1}, "trial", 0)
    assert bank.charged() == [payment.key]
    item = WorkItem.objects.get()
    assert (item.kind, item.subject) == ("charge_amount_differs", str(payment.public_id))
    assert "60.00 EUR; the provider took 61.00 EUR" in item.text


@pytest.mark.parametrize(("said", "instead"), [(b'"60.00"', b'"61.00"'), (b'"EUR"', b'"GBP"')])
def test_F47_an_answer_with_another_sum_is_not_booked_until_the_provider_says_what_was_asked_for(
    order, run, bank, today, said, instead, caplog
):
    [subscription] = order()
    bank.proxy.strike("alter", when=CHARGE, alters=(said, instead))
    run()
    assert (statuses(), Document.objects.count()) == ({"unknown": 1}, 0)
    assert WorkItem.objects.get().kind == "charge_amount_differs"
    assert "charge not booked" in caplog.text
    run(1)
    assert_charged_once(subscription, bank, now=later(today, 1))
