"""The sandbox's card numbers: the table that its page shows, and the made-up ones of rehearsals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.gateway.sandbox.cards import BEHAVIOURS, LENGTHS, TEST_CARDS, brand_of, card_number, passes_luhn


@pytest.mark.parametrize("card", TEST_CARDS, ids=lambda card: card.number)
def test_a_test_number_is_well_formed(card):
    assert passes_luhn(card.number)
    assert brand_of(card.number) == card.brand
    assert len(card.number) in LENGTHS[card.brand]


def test_every_behaviour_has_exactly_one_number_but_ok():
    behaviours = [card.behaviour for card in TEST_CARDS if card.behaviour != "ok"]
    assert sorted(behaviours) == sorted(BEHAVIOURS - {"ok"})
    assert len({card.number for card in TEST_CARDS}) == len(TEST_CARDS)


@given(brand=st.sampled_from(sorted(LENGTHS)), nth=st.integers(0, 10**8 - 1), other=st.integers(0, 10**8 - 1))
def test_made_up_numbers_are_well_formed_and_distinct(brand, nth, other):
    number = card_number(brand, nth)
    assert passes_luhn(number)
    assert brand_of(number) == brand
    assert len(number) in LENGTHS[brand]
    assert (number == card_number(brand, other)) == (nth == other)
    assert number not in {card.number for card in TEST_CARDS}


@given(number=st.from_regex(r"[0-9]{15}", fullmatch=True), place=st.integers(0, 15), slip=st.integers(1, 9))
def test_luhn_finds_every_single_slip(number, place, slip):
    right = next(number + check for check in "0123456789" if passes_luhn(number + check))
    wrong = right[:place] + str((int(right[place]) + slip) % 10) + right[place + 1 :]
    assert not passes_luhn(wrong)


@pytest.mark.parametrize(
    ("start", "brand"),
    [
        ("4", "visa"),
        ("50", "unknown"),
        ("51", "mastercard"),
        ("55", "mastercard"),
        ("56", "unknown"),
        ("2220", "unknown"),
        ("2221", "mastercard"),
        ("2720", "mastercard"),
        ("2721", "unknown"),
        ("34", "amex"),
        ("37", "amex"),
        ("35", "unknown"),
        ("6011", "unknown"),
    ],
)
def test_the_brand_is_told_by_the_first_digits(start, brand):
    assert brand_of(start.ljust(16, "0")) == brand
