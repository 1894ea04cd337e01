import pytest
from hypothesis import given
from hypothesis import strategies as st

from garage.rules import vin as vin_rules
from garage.rules.vin_decoding import MAKERS, Region, check_digit, decode, has_check_digit

VINS = st.text(alphabet=sorted(vin_rules.ALLOWED), min_size=17, max_size=17)


def decoded(vin, prefixes=("JTJ",)):
    return decode(vin, brand_prefixes=prefixes)


@pytest.mark.parametrize(
    ("vin", "maker", "region"),
    [
        ("WVWZZZ1JZXW000001", "Volkswagen", Region.EUROPE),
        ("JTDKB20U093000001", "Toyota", Region.ASIA),
        ("VNKKTUD3000000001", "Toyota", Region.EUROPE),
        ("1FAFP404000000001", "Ford", Region.NORTH_AMERICA),
        ("AAA00000000000001", "", Region.AFRICA),
        ("6FPAAA00000000001", "", Region.OCEANIA),
        ("9BWAAA00000000001", "", Region.SOUTH_AMERICA),
        ("0BWAAA00000000001", "", None),
    ],
)
def test_G2_a_vin_names_its_maker_and_region(vin, maker, region):
    one = decoded(vin)
    assert (one.maker, one.region, one.is_of_another_maker) == (maker, region, bool(maker))


def test_G2_the_brands_own_prefixes_win_over_the_table():
    assert (decoded("JTJSAMPLECY900001").is_of_brand, decoded("JTJSAMPLECY900001").maker) == (True, "")
    assert decoded("JTJSAMPLECY900001", prefixes=["WVW"]).maker == "Lexus"


def test_the_check_digit_is_a_hint_in_north_america_alone():
    good, european = "1M8GDM9AXKP042788", "WVWZZZ1JZXW000001"
    assert (check_digit(good), decoded(good).check_digit_is_off) == ("X", False)
    assert decoded(good.replace("788", "778")).check_digit_is_off
    assert (has_check_digit(european), decoded(european).check_digit_is_off) == (False, False)


def test_every_line_of_the_table_could_begin_a_vin():
    assert all(set(prefix) <= vin_rules.ALLOWED and len(prefix) in {2, 3} for prefix in MAKERS)


@given(VINS)
def test_any_vin_is_decoded(vin):
    decoded(vin)
    assert check_digit(vin) in "0123456789X"
