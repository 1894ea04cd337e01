"""Every slip on the card page is named in words beside its field, and what was typed is kept."""

from datetime import date
from string import Formatter

import pytest

from subscriptions.gateway.sandbox.card_form import read_card
from subscriptions.gateway.sandbox.cards import BEHAVIOURS
from subscriptions.gateway.sandbox.texts import TEXTS, known_language, say

TODAY = date(2024, 1, 10)
RIGHT = {"number": "4242 4242 4242 4242", "expiry": "01/24", "cvc": "123", "name": "Maria Georgiou"}


def read(language="en", **changes):
    return read_card(RIGHT | changes, language=language, today=TODAY)


@pytest.mark.parametrize("expiry", ["01/24", "1/24", "01/2024", "0124", " 01 / 24 "])
def test_a_right_card_is_read_however_it_is_spaced(expiry):
    form = read(expiry=expiry, number=" 4242-4242 42424242 ")
    assert (form.errors, form.number, form.exp_month, form.exp_year) == ({}, "4242424242424242", 1, 2024)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"number": ""}, "number", "Type the card number"),
        ({"number": "4242 4242 4242 424O"}, "number", "digits only"),
        ({"number": "٤٢٤٢424242424242"}, "number", "digits only"),
        ({"number": "4242 4242 4242 424"}, "number", "13/16/19 digits; this one has 15"),
        ({"number": "4242 4242 4242 4243"}, "number", "last digit does not fit"),
        ({"number": "6011 0000 0000 0004"}, "number", "not the number of a Visa, Mastercard"),
        ({"expiry": ""}, "expiry", "month and year"),
        ({"expiry": "13/30"}, "expiry", "month and year"),
        ({"expiry": "12/23"}, "expiry", "has expired"),
        ({"expiry": "12/99"}, "expiry", "check the year"),
        ({"cvc": "12"}, "cvc", "three digits"),
        ({"number": "3782 822463 10005"}, "cvc", "four digits"),
        ({"name": "  "}, "name", "name on the card"),
    ],
)
def test_a_slip_is_named_beside_its_field(typed, field, words):
    form = read(**typed)
    assert list(form.errors) == [field]
    assert words in form.errors[field]


def test_what_was_typed_is_kept_but_for_the_security_code():
    form = read(expiry="12/23")
    assert form.typed == RIGHT | {"expiry": "12/23", "cvc": ""}


def test_nothing_typed_is_told_for_every_field_at_once():
    form = read_card({}, language="el", today=TODAY)
    assert list(form.errors) == ["number", "expiry", "cvc", "name"]
    assert form.errors["number"] == say("el", "number_missing")


def test_every_sentence_is_there_in_both_languages_with_the_same_blanks():
    for key, (english, greek) in TEXTS.items():
        blanks = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, greek)]
        assert english, key
        assert greek, key
        assert blanks[0] == blanks[1], key
    assert set(TEXTS) >= BEHAVIOURS


@pytest.mark.parametrize(("wanted", "language"), [("el", "el"), ("el-CY,en;q=0.5", "el"), ("de", "en"), ("", "en")])
def test_an_unknown_language_is_answered_in_english(wanted, language):
    assert known_language(wanted) == language
