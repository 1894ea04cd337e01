"""A4: what is typed finds what is meant, whatever its case and accents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.searching import MOST_WORDS, is_postcode, plain, search_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Λεμεσός", "λεμεσοσ"),
        ("ΛΕΜΕΣΟΣ", "λεμεσοσ"),
        ("Café-Bar, Ltd.", "cafe bar ltd"),
        ("  Polis   Chrysochous ", "polis chrysochous"),
        ("Ϊόλη", "ιολη"),
        ("%_\\'", ""),
        ("", ""),
    ],
)
def test_a4_words_are_compared_without_accents_case_and_signs(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text(max_size=200))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_no_more_words_are_looked_for_than_make_a_difference() -> None:
    assert search_words("a " * 100) == ["a"] * MOST_WORDS


@pytest.mark.parametrize(
    ("typed", "expected"), [("2025", True), ("20 25", True), ("20", False), ("2025a", False), ("", False)]
)
def test_a4_digits_alone_are_a_postcode(typed: str, expected: bool) -> None:
    assert is_postcode(typed) is expected
