"""What is kept of a search names nobody (H4)."""

import pytest

from support.rules.anonymous import kept_words, names_somebody


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Where is my Refund?", "where is my refund"),
        ("Πού είναι η ΕΠΙΣΤΡΟΦΉ;", "που ειναι η επιστροφη"),
        ("maria.g@example.com lost invoice", "lost invoice"),
        ("invoice maria@example", "invoice"),
        ("JTHSAMPLECY900007 no traffic", "no traffic"),
        ("VIN JTHS AMPL ECY9 0000 7 blocked", "vin jths ampl blocked"),
        ("4242 4242 4242 4242 declined", "declined"),
        ("call 99 12 34 56 please", "call please"),
        ("KAB 123 sold", "kab sold"),
        ("mm21 and 4 years", "mm21 and 4 years"),
        ("4111111111111111", ""),
        ("", ""),
        ("one two three", "one two"),
    ],
)
def test_H4_words_stay_and_numbers_and_addresses_of_people_go(typed, kept):
    assert kept_words(typed, longest=8 if typed == "one two three" else 120) == kept


@pytest.mark.parametrize("text", ["me@example.com", "car JTHSAMPLECY900007", "ring +357 99 123456"])
def test_H4_a_remark_that_names_somebody_is_found(text):
    assert names_somebody(text)


@pytest.mark.parametrize("text", ["", "It says 14 days, I read 30.", "MM21, 2024-05-30, 12 of 48"])
def test_H4_figures_of_the_rules_name_nobody(text):
    assert not names_somebody(text)
