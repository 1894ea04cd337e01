import pytest
from hypothesis import given
from hypothesis import strategies as st

from garage.rules.odometer import HIGHEST_KM, parse_km


@pytest.mark.parametrize(
    "typed", ["45230", " 45230 ", "45 230", "45.230", "45,230", "45’230", "45\u00a0230 km", "045230 KM"]
)
def test_a_reading_may_be_typed_with_thousands_marks_and_unit(typed):
    assert parse_km(typed) == 45230


@pytest.mark.parametrize(
    "typed",
    ["", "km", "many", "-5", "4.5", "45230.4", "45,23", "4 5230", "1.234,567", "1e5", "٤٥", "1000000", "9" * 5000],
)
def test_what_is_not_a_whole_number_of_six_digits_is_no_reading(typed):
    assert parse_km(typed) is None


@given(st.integers(min_value=0, max_value=HIGHEST_KM), st.sampled_from(["{}", "{:,}", "{:_}"]))
def test_every_reading_comes_back_however_it_is_grouped(km, form):
    assert parse_km(form.format(km).replace("_", ".")) == km
