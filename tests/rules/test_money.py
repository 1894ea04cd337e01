"""Gross, net and VAT: half a cent rounded up, and the split adds up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.money import cents, split_gross

GROSS = st.decimals("0.01", "999999.99", places=2)


@pytest.mark.parametrize(
    ("gross", "rate", "net", "vat"),
    [
        ("99.00", "19", "83.19", "15.81"),
        ("66.00", "19", "55.46", "10.54"),
        ("9.90", "19", "8.32", "1.58"),
        ("299.00", "19", "251.26", "47.74"),
        ("119.00", "19.00", "100.00", "19.00"),
        ("10.00", "0", "10.00", "0.00"),
        ("0.01", "19", "0.01", "0.00"),
        # 1.05 / 1.05 = 1; 2.73 / 1.05 = 2.6.
        ("2.73", "5", "2.60", "0.13"),
    ],
)
def test_vat_is_split_from_gross(gross, rate, net, vat):
    split = split_gross(Decimal(gross), Decimal(rate))
    assert (split.gross, split.net, split.vat) == (Decimal(gross), Decimal(net), Decimal(vat))


@pytest.mark.parametrize(
    ("amount", "expected"), [("0.005", "0.01"), ("0.0049", "0.00"), ("2.675", "2.68"), ("1", "1.00"), ("0.025", "0.03")]
)
def test_half_a_cent_is_rounded_up(amount, expected):
    assert str(cents(Decimal(amount))) == expected


@given(gross=GROSS, rate=st.decimals("0", "99.99", places=2))
def test_net_and_vat_make_the_gross(gross, rate):
    split = split_gross(gross, rate)
    assert split.net + split.vat == split.gross == gross
    assert split.net >= 0
    assert split.vat >= 0
    assert all(amount == cents(amount) for amount in (split.net, split.vat, split.gross))
