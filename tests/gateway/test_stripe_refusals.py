"""Banks' refusals as Stripe passes them on, in the words of the port (P6, P8), and amounts in its units."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from subscriptions.gateway.port import Declined, NeedsAuthentication
from subscriptions.gateway.stripe.amounts import from_minor_units, to_minor_units
from subscriptions.gateway.stripe.refusals import charge_refusal, setup_refusal


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ({"decline_code": "insufficient_funds"}, Declined(reason="insufficient_funds")),
        ({"code": "expired_card"}, Declined(reason="expired")),
        ({"decline_code": "expired_card"}, Declined(reason="expired")),
        ({"decline_code": "stolen_card"}, Declined(reason="stolen", is_final=True)),
        ({"decline_code": "lost_card"}, Declined(reason="stolen", is_final=True)),
        ({"decline_code": "pickup_card"}, Declined(reason="stolen", is_final=True)),
        ({"decline_code": "do_not_honor"}, Declined(reason="declined")),
        ({"decline_code": "do_not_honor", "advice_code": "try_again_later"}, Declined(reason="declined")),
        (
            {"decline_code": "do_not_honor", "advice_code": "do_not_try_again"},
            Declined(reason="declined", is_final=True),
        ),
        ({"decline_code": "generic_decline", "network_advice_code": "03"}, Declined(reason="declined", is_final=True)),
        ({"decline_code": "generic_decline", "network_advice_code": "02"}, Declined(reason="declined")),
        ({"decline_code": "revocation_of_authorization"}, Declined(reason="declined", is_final=True)),
        ({"decline_code": "a code to come"}, Declined(reason="declined")),
        ({}, Declined(reason="declined")),
        ({"code": "authentication_required"}, NeedsAuthentication()),
        ({"code": "card_declined", "decline_code": "authentication_required"}, NeedsAuthentication()),
    ],
)
def test_a_refused_charge_in_the_words_of_the_port(error, outcome):
    assert charge_refusal(SimpleNamespace(**error)) == outcome


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (None, "cancelled"),
        ({"code": "setup_intent_authentication_failure"}, "authentication_failed"),
        ({"code": "card_declined", "decline_code": "insufficient_funds"}, "insufficient_funds"),
        ({"code": "card_declined", "decline_code": "do_not_honor"}, "declined"),
    ],
)
def test_a_card_that_was_not_added_in_the_words_of_the_port(error, reason):
    assert setup_refusal(error and SimpleNamespace(**error)) == reason


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("0.01", "EUR", 1), ("99.00", "eur", 9900), ("99", "EUR", 9900), ("5000.00", "JPY", 5000), ("7.00", "ISK", 700)],
)
def test_amounts_are_whole_numbers_of_the_smallest_unit_and_back(amount, currency, minor):
    assert to_minor_units(Decimal(amount), currency=currency) == minor
    back = from_minor_units(minor, currency=currency)
    assert (back, back.as_tuple().exponent) == (Decimal(amount), -2)


@pytest.mark.parametrize(("amount", "currency"), [("0.50", "JPY"), ("0.001", "EUR"), ("1.00", "KWD"), ("-1", "EUR")])
def test_what_has_no_coin_is_an_error_of_the_caller(amount, currency):
    with pytest.raises(ValueError):
        to_minor_units(Decimal(amount), currency=currency)
