"""The wallet: which cards are kept, which is charged, and which may leave (W1 to W5, P6)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from subscriptions.actions import wallet
from subscriptions.actions.cancel import cancel
from subscriptions.actions.run import charging_run
from subscriptions.gateway.sandbox.cards import TEST_CARDS, card_number
from subscriptions.models import CardSetup, Payment, PaymentCard
from tests import make
from tests.refusing import refusal_code

DEBIT = next(card.number for card in TEST_CARDS if card.funding == "debit")


@pytest.fixture
def enter(owner, gateway, now):
    """The owner enters a card on the provider's page and comes back; answers the setup."""

    def entered(number: str, *, exp_year: int = 2040, is_confirmed: bool = True) -> CardSetup:
        setup, _url = wallet.begin_adding_card(
            account=owner, next_path="/", return_url=lambda _: make.RETURN_ORIGIN, gateway=gateway, now=now
        )
        gateway.complete_setup(
            setup_ref=setup.setup_ref, number=number, exp_month=12, exp_year=exp_year, authenticate=is_confirmed
        )
        return setup

    return entered


@pytest.fixture
def keep(owner, gateway, now):
    return lambda setup: wallet.finish_adding_card(setup=setup, gateway=gateway, now=now, by=owner)


def names() -> dict[str, bool]:
    return dict(PaymentCard.objects.in_wallet().values_list("last4", "is_primary"))


# Adding


def test_W1_only_what_may_be_kept_is_kept(enter, keep):
    card = keep(enter("4242424242424242"))
    kept = {field.attname: str(getattr(card, field.attname)) for field in PaymentCard._meta.fields}
    assert (kept["brand"], kept["last4"], kept["funding"]) == ("visa", "4242", "credit")
    assert not any("42424242" in value for value in kept.values())


@pytest.mark.parametrize("number", [card_number("amex", 1), DEBIT], ids=["amex", "debit"])
def test_W1_what_the_market_does_not_take_is_refused_and_forgotten_at_the_provider(
    enter, keep, gateway, deliver, number
):
    setup = enter(number)
    assert refusal_code(keep, setup=setup) == "card_brand"
    assert refusal_code(keep, setup=setup) == "card_brand"
    deliver()
    card_ref = gateway.card_setup(setup_ref=setup.setup_ref).card.card_ref
    assert names() == {}
    refused = gateway.charge(key="k", card_ref=card_ref, amount=Decimal("1.00"), currency="EUR", description="")
    assert refused.reason == "declined"


def test_W1_another_market_may_take_debit_cards(enter, keep, market):
    market.card_funding = ["credit", "debit"]
    market.save(update_fields=["card_funding"])
    assert keep(enter(DEBIT)).funding == "debit"


def test_W2_a_failed_authentication_adds_nothing_and_says_why(enter, keep):
    setup = enter("4242424242424242", is_confirmed=False)
    assert refusal_code(keep, setup=setup) == "authentication_failed"
    assert names() == {}


def test_W2_an_expired_card_is_not_added_and_the_page_says_so(enter, keep):
    setup = enter("4242424242424242", exp_year=2025)
    assert refusal_code(keep, setup=setup) == "card_expired"
    assert names() == {}


def test_W2_coming_back_before_the_end_or_by_the_way_back_adds_nothing(owner, gateway, now, keep):
    setup, _url = wallet.begin_adding_card(
        account=owner, next_path="/", return_url=lambda _: make.RETURN_ORIGIN, gateway=gateway, now=now
    )
    assert refusal_code(keep, setup=setup) == "not_finished"
    gateway.provider.cancel_setup(setup_ref=setup.setup_ref)
    assert refusal_code(keep, setup=setup) == "cancelled"


def test_W2_adding_a_card_needs_a_billing_address(owner, gateway, now):
    owner.billing_profile.delete()
    arguments = {"account": owner, "next_path": "/", "return_url": lambda _: "", "gateway": gateway, "now": now}
    assert refusal_code(wallet.begin_adding_card, **arguments) == "no_billing_address"


def test_W2_the_same_card_is_not_added_twice(enter, keep):
    keep(enter("4242424242424242"))
    assert refusal_code(keep, setup=enter("4242424242424242", exp_year=2041)) == "card_known"
    card = PaymentCard.objects.get()
    card.pk, card.public_id, card.card_ref, card.is_primary = None, "0" * 32, "other", False
    with pytest.raises(IntegrityError, match="card_once_in_wallet"), transaction.atomic():
        card.save(force_insert=True)


def test_coming_back_twice_adds_one_card(enter, keep):
    setup = enter("4242424242424242")
    assert keep(setup) == keep(setup)
    assert names() == {"4242": True}


@pytest.mark.parametrize(("exp_year", "is_refused"), [(2040, True), (2041, False)])
def test_W2_a_card_that_comes_back_keeps_its_mark_unless_its_expiry_is_new(
    enter, keep, now, owner, exp_year, is_refused
):
    card = keep(enter("4242424242424242"))
    PaymentCard.objects.filter(pk=card.pk).update(refused_at=now)
    wallet.remove_card(card=card, now=now, by=owner)
    assert keep(enter("4242424242424242", exp_year=exp_year)).is_refused is is_refused


# The primary card


def test_W3_the_first_card_is_primary_and_the_customer_may_choose_another(enter, keep, now, owner):
    first, second = keep(enter("4242424242424242")), keep(enter("5555555555554444"))
    assert names() == {"4242": True, "4444": False}
    wallet.make_primary(card=second, now=now, by=owner)
    assert names() == {"4242": False, "4444": True}
    first.is_primary = True
    with pytest.raises(IntegrityError, match="card_one_primary"), transaction.atomic():
        first.save(update_fields=["is_primary"])


def test_W3_only_the_primary_is_charged(market, car, card, navigation, gateway, owner, now):
    second = make.card(owner, gateway=gateway, nth=1)
    make.subscription(car, package=navigation, gateway=gateway)
    wallet.make_primary(card=second, now=now, by=owner)
    charging_run(market=market, now=now + make.days(30), gateway=gateway)
    assert Payment.objects.get().card == second


def test_W3_a_card_that_has_left_cannot_become_primary(card, owner, gateway, now):
    second = make.card(owner, gateway=gateway, nth=1)
    wallet.remove_card(card=second, now=now, by=owner)
    assert refusal_code(wallet.make_primary, card=second, now=now, by=owner) == "no_card"
    assert list(names().values()) == [True]


# Removing


def test_W5_removing_the_primary_makes_the_newest_other_one_primary(card, owner, gateway, now, deliver):
    older = make.card(owner, gateway=gateway, nth=1)
    newer = make.card(owner, gateway=gateway, nth=2, now=now + make.days(1))
    assert wallet.remove_card(card=card, now=now, by=owner) == newer
    assert wallet.remove_card(card=older, now=now, by=owner) is None
    assert names() == {newer.last4: True}


@pytest.mark.parametrize("behaves", ["ok", "timeout_charged"])
def test_W5_the_last_card_stays_while_something_would_charge_it(car, digital_key, owner, gateway, now, behaves):
    card = make.card(owner, gateway=gateway, behaves=behaves)
    make.subscription(car, package=digital_key, gateway=gateway)
    assert refusal_code(wallet.remove_card, card=card, now=now, by=owner) == "last_card"


def test_W5_in_a_trial_too_but_no_longer_once_it_is_cancelled(car, card, navigation, owner, gateway, now):
    trial = make.subscription(car, package=navigation, gateway=gateway)
    assert refusal_code(wallet.remove_card, card=card, now=now, by=owner) == "last_card"
    cancel(subscription=trial, confirmed=None, now=now, by=owner)
    wallet.remove_card(card=card, now=now, by=owner)
    assert names() == {}


def test_a_removed_card_is_forgotten_at_the_provider(card, owner, gateway, now, deliver):
    wallet.remove_card(card=card, now=now, by=owner)
    wallet.remove_card(card=card, now=now, by=owner)
    deliver()
    asked = {"key": "k", "card_ref": card.card_ref, "amount": Decimal("1.00"), "currency": "EUR"}
    assert gateway.charge(**asked, description="").reason == "declined"
