"""Whose VAT a contract carries, and how VAT numbers are written (I3, I5)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.vat_number import (
    EXAMPLES,
    FORMATS,
    complete_vat_number,
    is_vat_number,
    tidy_vat_number,
    vat_country,
    vat_number_example,
)
from subscriptions.rules.retention import keep_until
from subscriptions.rules.vat import DatedRate, Review, Treatment, gather, place_of_supply, rate_on, treat

CYPRUS = DatedRate(country="CY", valid_from=date(2014, 1, 13), rate=Decimal("19.00"))
CYPRUS_NEXT = DatedRate(country="CY", valid_from=date(2027, 1, 1), rate=Decimal("20.00"))
GREECE = DatedRate(country="GR", valid_from=date(2016, 6, 1), rate=Decimal("24.00"))
EXEMPT = DatedRate(country="MT", valid_from=date(2020, 1, 1), rate=Decimal(0), category="E", reason="Exempt here.")
RATES = [CYPRUS, CYPRUS_NEXT, GREECE, EXEMPT]


def treated(
    *, billing: str = "CY", card: str = "", business: str = "", on: date = date(2026, 6, 10), rates=RATES
) -> Treatment:
    return treat(
        evidence=gather(billing_country=billing, card_country=card, market_country="CY"),
        rates=rates,
        market_country="CY",
        market_rate=Decimal("18.00"),
        business_country=business,
        on=on,
    )


@pytest.mark.parametrize(
    ("billing", "card", "country", "review"),
    [
        ("CY", "", "CY", Review.NONE),
        ("CY", "GR", "CY", Review.NONE),
        ("GR", "GR", "GR", Review.NONE),
        ("GR", "CY", "CY", Review.NONE),
        ("GR", "", "CY", Review.CONTRADICTION),
        ("GR", "DE", "CY", Review.CONTRADICTION),
        ("", "", "CY", Review.ONE_EVIDENCE),
    ],
)
def test_I3_two_items_of_evidence_decide_and_else_the_market_and_finance(billing, card, country, review):
    evidence = gather(billing_country=billing, card_country=card, market_country="CY")
    assert place_of_supply(evidence, market_country="CY") == (country, review)


@given(st.lists(st.sampled_from(["CY", "GR", "DE", ""]), min_size=2, max_size=2))
def test_I3_a_place_without_mark_is_named_by_two_items(countries):
    evidence = gather(billing_country=countries[0], card_country=countries[1], market_country="CY")
    country, review = place_of_supply(evidence, market_country="CY")
    assert (review is Review.NONE) == ([item.country for item in evidence].count(country) >= 2)


@pytest.mark.parametrize(("on", "rate"), [("2026-12-31", "19.00"), ("2027-01-01", "20.00"), ("2030-01-01", "20.00")])
def test_I3_a_rate_dated_ahead_comes_into_force_on_its_day(on, rate):
    assert treated(on=date.fromisoformat(on)).rate == Decimal(rate)


def test_I3_before_the_first_rate_there_is_none():
    assert rate_on(RATES, country="GR", on=date(2016, 5, 31)) is None


def test_I3_a_customer_abroad_carries_the_rate_of_their_country():
    greek = treated(billing="GR", card="GR")
    assert (greek.country, greek.rate, greek.category, greek.review) == ("GR", Decimal("24.00"), "S", Review.NONE)


def test_I3_a_country_without_a_rate_carries_the_markets_and_is_marked():
    german = treated(billing="DE", card="DE")
    assert (german.country, german.rate, german.review) == ("DE", Decimal("19.00"), Review.NO_RATE)


def test_I3_a_market_without_dated_rates_has_its_own():
    assert treated(rates=[]).rate == Decimal("18.00")
    assert treated(rates=[]).review is Review.NONE


def test_I3_a_zero_rate_is_data_and_brings_its_reason():
    exempt = treated(billing="MT", card="MT")
    assert (exempt.rate, exempt.category, exempt.reason) == (Decimal(0), "E", "Exempt here.")


def test_I5_a_business_is_charged_as_a_consumer_and_one_from_abroad_is_marked():
    assert treated(business="CY") == treated()
    abroad = treated(business="GR")
    assert (abroad.rate, abroad.review) == (Decimal("19.00"), Review.BUSINESS_ABROAD)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("cy 10123456-a", "CY10123456A"),
        ("GR 123456789", "EL123456789"),
        ("DE 123.456.789", "DE123456789"),
        ("  ", ""),
    ],
)
def test_I5_a_vat_number_is_tidied(typed, number):
    assert tidy_vat_number(typed) == number


GOOD = [
    *("ATU12345678", "BE0123456789", "BG123456789", "CY10123456A", "CZ12345678", "DE123456789", "DK12345678"),
    *("EE123456789", "EL123456789", "ESX1234567X", "FI12345678", "FRXX123456789", "HR12345678901", "HU12345678"),
    *("IE1234567WA", "IT12345678901", "LT123456789", "LT123456789012", "LU12345678", "LV12345678901", "MT12345678"),
    *("NL123456789B01", "PL1234567890", "PT123456789", "RO12", "SE123456789012", "SI12345678", "SK1234567890"),
    *("XI123456789", "XIGD123"),
]


def test_I5_every_country_has_an_example_that_is_taken():
    assert all(is_vat_number(number) for number in GOOD)
    assert {number[:2] for number in GOOD} == FORMATS.keys()


@pytest.mark.parametrize(
    "number",
    ["", "CY", "CY1012345A", "CY101234567A", "10123456A", "US123456789", "DE12345678", "CY10123456Á", "CY١٢٣٤٥٦٧٨A"],
)
def test_I5_what_no_country_writes_is_refused(number):
    assert not is_vat_number(number)


def test_I5_greece_and_northern_ireland_have_their_own_letters():
    assert [vat_country(number) for number in ("EL123456789", "XI123456789", "CY10123456A")] == ["GR", "GB", "CY"]


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("123456789", "DE", "DE123456789"),
        ("123456789", "GR", "EL123456789"),
        ("CY10123456A", "DE", "CY10123456A"),
        ("12", "DE", "12"),
        ("123456789", "US", "123456789"),
        ("", "DE", ""),
    ],
)
def test_I5_letters_that_were_left_out_are_the_countrys(typed, country, number):
    assert complete_vat_number(typed, country=country) == number


def test_I5_every_country_has_an_example_to_show():
    assert all(is_vat_number(example) for example in EXAMPLES)
    assert {example[:2] for example in EXAMPLES} == FORMATS.keys()


@pytest.mark.parametrize(
    ("number", "country", "example"),
    [("DE12", "CY", "DE123456789"), ("12", "GR", "EL123456789"), ("12", "US", "CY10123456A")],
)
def test_I5_the_example_is_of_the_country_that_was_meant(number, country, example):
    assert vat_number_example(number=number, country=country) == example


@pytest.mark.parametrize("issued_on", ["2026-01-01", "2026-12-31"])
def test_I4_the_buyer_stays_for_full_calendar_years_after_the_year_of_issue(issued_on):
    assert keep_until(issued_on=date.fromisoformat(issued_on), years=6) == date(2032, 12, 31)
