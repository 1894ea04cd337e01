"""W1, W5, W6: which cards are taken, until when they are good, and which can be removed."""

from datetime import date

import pytest

from subscriptions.rules.wallet import is_accepted, is_expired, last_valid_day, may_remove


@pytest.mark.parametrize(
    ("brand", "funding", "expected"),
    [
        ("visa", "credit", True),
        ("mastercard", "credit", True),
        ("visa", "unknown", True),
        ("amex", "credit", False),
        ("visa", "debit", False),
        ("mastercard", "prepaid", False),
        ("amex", "unknown", False),
    ],
)
def test_W1_brands_and_funding_are_a_markets_setting(brand, funding, expected):
    accepted = is_accepted(brand=brand, funding=funding, brands=["visa", "mastercard"], fundings=["credit"])
    assert accepted is expected


def test_W1_a_market_may_take_debit_cards_and_other_brands():
    assert is_accepted(brand="amex", funding="debit", brands=["amex"], fundings=["credit", "debit"])


@pytest.mark.parametrize(("year", "month", "last_day"), [(2024, 2, 29), (2025, 2, 28), (2024, 12, 31), (2025, 4, 30)])
def test_W6_a_card_is_good_to_the_end_of_its_month(year, month, last_day):
    last = date(year, month, last_day)
    assert last_valid_day(exp_year=year, exp_month=month) == last
    assert not is_expired(exp_year=year, exp_month=month, today=last)
    assert is_expired(exp_year=year, exp_month=month, today=date.fromordinal(last.toordinal() + 1))


@pytest.mark.parametrize(
    ("cards_left", "is_charging", "expected"), [(0, True, False), (0, False, True), (1, True, True), (2, False, True)]
)
def test_W5_the_last_card_stays_while_it_would_be_charged(cards_left, is_charging, expected):
    assert may_remove(cards_left=cards_left, has_charging_subscription=is_charging) is expected
