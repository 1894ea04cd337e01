"""What our gateway sends to Stripe, and what it concludes from the answers, over the stand-in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
import stripe

from subscriptions.gateway.port import (
    Charged,
    Declined,
    NeedsAuthentication,
    OutcomeUnknown,
    ProviderDown,
    Refunded,
    RefundRejected,
    SetupFailed,
)
from subscriptions.gateway.stripe.client import STRIPE_API_VERSION, StripeGateway
from tests.gateway.calls import RETURN_URL, add_card, begin, charge, charge_present, refund
from tests.gateway.stripe_controls import controlled_stripe
from tests.gateway.stripe_stub import VERSION


@pytest.fixture
def gateway(clock):
    with controlled_stripe(clock) as gateway:
        yield gateway


def sent(gateway, method, path):
    return [asked for verb, target, asked in gateway.stub.requests if (verb, target) == (method, path)]


def test_the_version_is_the_one_of_the_sdk_and_of_the_stand_in():
    assert stripe.api_version == STRIPE_API_VERSION == VERSION


# Adding a card


def test_the_page_is_for_one_card_with_a_challenge_by_the_bank(gateway):
    begin(gateway, language="el")
    [asked] = sent(gateway, "POST", "/v1/checkout/sessions")
    assert (asked["mode"], asked["locale"]) == ("setup", "el")
    assert asked["allowed_payment_method_types"] == {"0": "card"}
    assert asked["payment_method_options"] == {"card": {"request_three_d_secure": "challenge"}}
    assert asked["setup_intent_data"] == {"metadata": {"key": "setup-1", "customer_ref": "account-1"}}


@pytest.mark.parametrize(("language", "locale"), [("en", "en-GB"), ("el", "el"), ("xx", "auto")])
def test_the_page_speaks_the_customers_language(gateway, language, locale):
    begin(gateway, language=language)
    assert sent(gateway, "POST", "/v1/checkout/sessions")[0]["locale"] == locale


@pytest.mark.parametrize(
    ("return_url", "comes_back_to"),
    [
        (RETURN_URL, f"{RETURN_URL}&setup={{CHECKOUT_SESSION_ID}}"),
        ("https://portal.example/back/", "https://portal.example/back/?setup={CHECKOUT_SESSION_ID}"),
    ],
)
def test_the_customer_comes_back_with_the_setup(gateway, return_url, comes_back_to):
    begin(gateway, return_url=return_url)
    [asked] = sent(gateway, "POST", "/v1/checkout/sessions")
    assert (asked["success_url"], asked["cancel_url"]) == (comes_back_to, return_url)


def test_an_account_is_one_customer_at_once_and_years_later(gateway, clock):
    begin(gateway, key="a")
    begin(gateway, key="b")
    clock.now += timedelta(days=700)
    begin(gateway, key="c")
    begin(gateway, key="d", customer_ref='another "account"')
    customers = [asked["customer"] for asked in sent(gateway, "POST", "/v1/checkout/sessions")]
    assert customers[0] == customers[1] == customers[2] != customers[3]
    assert len(gateway.account.customers) == 2


def test_no_personal_data_leaves_with_the_customer(gateway):
    begin(gateway)
    assert sent(gateway, "POST", "/v1/customers") == [{"metadata": {"customer_ref": "account-1"}}]


def test_a_page_that_was_left_until_it_expired_is_cancelled(gateway):
    page = begin(gateway)
    gateway.account.sessions[page.setup_ref]["status"] = "expired"
    assert gateway.card_setup(setup_ref=page.setup_ref) == SetupFailed(reason="cancelled")


# Charging


def test_a_charge_is_of_that_customers_card_without_the_customer(gateway):
    card = add_card(gateway)
    charge(gateway, card, amount="1234.50")
    [asked] = sent(gateway, "POST", "/v1/payment_intents")
    customer, method = card.card_ref.split(":")
    assert (asked["customer"], asked["payment_method"]) == (customer, method)
    assert (asked["amount"], asked["currency"]) == ("123450", "eur")
    assert (asked["confirm"], asked["off_session"]) == ("true", "true")
    assert (asked["metadata"], asked["description"]) == ({"key": "charge-1"}, "Navigation, yearly")


def test_the_version_refuses_what_older_ones_took(gateway):
    card = add_card(gateway)
    customer, method = card.card_ref.split(":")
    older = {"amount": 100, "currency": "eur", "customer": customer, "payment_method": method}
    with pytest.raises(stripe.InvalidRequestError, match="payment_method_types"):
        gateway._api.payment_intents.create(params=older | {"payment_method_types": ["card"]})


def test_yen_have_no_places(gateway):
    assert charge(gateway, add_card(gateway), amount="5000", currency="JPY").amount == Decimal("5000.00")
    assert sent(gateway, "POST", "/v1/payment_intents")[0]["amount"] == "5000"


def test_a_charge_below_stripes_least_is_an_error_of_the_caller(gateway):
    with pytest.raises(ValueError, match="at least"):
        charge(gateway, add_card(gateway), amount="0.49")


@pytest.mark.parametrize("card_ref", ["", "pm_1", "cus_1", "card_1:pm_1", "cus_1:card_1"])
def test_what_is_no_card_of_stripe_is_an_error_of_the_caller(gateway, card_ref):
    with pytest.raises(ValueError, match="no card of Stripe"):
        gateway.charge(key="k", card_ref=card_ref, amount=Decimal("1.00"), currency="EUR", description="d")
    assert sent(gateway, "POST", "/v1/payment_intents") == []


def test_the_same_key_at_work_twice_charges_once(gateway):
    card = add_card(gateway)

    def attempt(_):
        try:
            return charge(gateway, card)
        except OutcomeUnknown:
            return None

    with ThreadPoolExecutor(8) as pool:
        outcomes = set(pool.map(attempt, range(16))) - {None}
    assert outcomes == {gateway.find_charge(key="charge-1")}
    assert len(gateway.charges()) == 1


def test_the_sdk_repeats_nothing_by_itself(gateway):
    card = add_card(gateway, "timeout_not_charged")
    with pytest.raises(OutcomeUnknown):
        charge(gateway, card)
    assert len(sent(gateway, "POST", "/v1/payment_intents")) == 1


# Finding


def test_an_old_charge_is_found_by_search_and_read_as_it_is_now(gateway, clock):
    charged = charge(gateway, add_card(gateway), key='a "quoted" \\ key')
    clock.now += timedelta(days=2)
    assert gateway.find_charge(key='a "quoted" \\ key') == charged
    assert sent(gateway, "GET", f"/v1/payment_intents/{charged.charge_ref}") == [{}]


def test_a_charge_of_the_last_day_needs_no_search(gateway, clock):
    charged = charge(gateway, add_card(gateway))
    clock.now += timedelta(hours=23)
    assert gateway.find_charge(key="charge-1") == charged
    assert sent(gateway, "GET", "/v1/payment_intents/search") == []


def test_a_charge_made_by_hand_at_stripe_is_passed_over(gateway):
    card = add_card(gateway)
    first = charge(gateway, card)
    by_hand = charge(gateway, card, key="charge-2")
    gateway.account.intents[by_hand.charge_ref]["metadata"] = {}
    assert gateway.find_charge(key="charge-1") == first
    assert gateway.find_charge(key="charge-2") is None


@pytest.mark.parametrize("status", ["processing", "requires_confirmation"])
def test_what_stripe_has_not_settled_is_asked_again(gateway, status):
    charged = charge(gateway, add_card(gateway))
    gateway.account.intents[charged.charge_ref]["status"] = status
    with pytest.raises(ProviderDown):
        gateway.find_charge(key="charge-1")


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({"status": "canceled"}, Declined(reason="declined")),
        ({"status": "requires_action"}, NeedsAuthentication()),
        (
            {"status": "requires_action", "next_action": {"redirect_to_url": {"url": "https://bank.example/"}}},
            NeedsAuthentication(url="https://bank.example/"),
        ),
    ],
)
def test_an_intent_that_moved_on_is_read_as_it_is(gateway, changed, outcome):
    charged = charge(gateway, add_card(gateway))
    gateway.account.intents[charged.charge_ref] |= changed
    assert gateway.find_charge(key="charge-1") == outcome


# Refunding


def test_a_refund_names_the_charge_the_amount_and_its_key(gateway):
    charged = charge(gateway, add_card(gateway))
    assert isinstance(refund(gateway, charged, amount="66.00"), Refunded)
    asked = {"payment_intent": charged.charge_ref, "amount": "6600", "metadata": {"key": "refund-1"}}
    assert sent(gateway, "POST", "/v1/refunds") == [asked]


def test_a_charge_that_was_refunded_elsewhere_is_not_refunded_again(gateway):
    charged = charge(gateway, add_card(gateway))
    refund(gateway, charged)
    assert refund(gateway, charged, key="refund-2") == RefundRejected(reason="exceeds_charge")


def test_a_refund_that_fails_later_is_found_as_rejected(gateway):
    charged = charge(gateway, add_card(gateway))
    taken = refund(gateway, charged)
    gateway.account.refunds[taken.refund_ref] |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
    assert gateway.find_refund(key="refund-1") == RefundRejected(reason="lost_or_stolen_card")


# Forgetting


def test_a_card_that_the_provider_will_not_let_go_is_an_error(gateway):
    card = add_card(gateway)
    with pytest.raises(ValueError):
        gateway.forget_card(card_ref=card.card_ref.replace(":pm_", ":pm_9"))


def test_a_wrong_secret_key_is_no_fault_of_the_card(gateway):
    card = add_card(gateway)
    stranger = StripeGateway("sk_test_wrong", base_url=gateway._api._requestor._options.base_addresses["api"])
    with pytest.raises(ProviderDown):
        charge(stranger, card)
    stranger.close()
    assert isinstance(charge(gateway, card), Charged)


def test_a_key_of_a_charge_with_its_customer_is_of_no_other_card_or_amount(gateway):
    card, other = add_card(gateway), add_card(gateway, nth=1)
    charged = charge_present(gateway, card)
    assert charge(gateway, card) == charged
    for changed in ({"card": other}, {"card": card, "amount": "98.00"}):
        with pytest.raises(ValueError, match="charge-1"):
            charge(gateway, **changed)


def test_a_charge_with_its_customer_says_where_they_come_back(gateway):
    charge_present(gateway, add_card(gateway))
    [asked] = sent(gateway, "POST", "/v1/payment_intents")
    assert (asked["return_url"], "off_session" in asked) == (RETURN_URL, False)


def test_what_was_not_confirmed_in_time_is_cancelled_at_stripe(gateway, clock):
    charge_present(gateway, add_card(gateway, "needs_authentication"))
    clock.now += timedelta(minutes=31)
    gateway.find_charge(key="charge-1")
    assert [intent["status"] for intent in gateway.account.intents.values()] == ["canceled"]
