"""When a wrong name or address on an invoice may be mended (I4)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from subscriptions.rules.correction import MOST_BY_CUSTOMER, Case, Obstacle, obstacle, open_amount

FINE = Case(
    is_invoice=True,
    is_replaced=False,
    is_kept=True,
    open_amount=Decimal("0.01"),
    is_same_buyer=False,
    is_same_country=True,
    times=MOST_BY_CUSTOMER - 1,
)


def test_I4_an_invoice_whose_buyer_has_changed_may_be_corrected():
    assert not obstacle(FINE)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"is_invoice": False}, Obstacle.CREDIT_NOTE),
        ({"is_replaced": True}, Obstacle.REPLACED),
        ({"is_kept": False}, Obstacle.TIME_OVER),
        ({"open_amount": Decimal("0.00")}, Obstacle.CREDITED),
        ({"is_same_buyer": True}, Obstacle.SAME_BUYER),
        ({"is_same_country": False}, Obstacle.OTHER_COUNTRY),
        ({"times": MOST_BY_CUSTOMER}, Obstacle.TOO_OFTEN),
    ],
)
def test_I4_what_stands_against_a_correction(changed, reason):
    assert obstacle(replace(FINE, **changed)) == reason


def test_the_customer_centre_is_not_counted():
    assert not obstacle(replace(FINE, times=None))


def test_the_weightiest_reason_is_said():
    assert obstacle(replace(FINE, is_replaced=True, is_same_buyer=True, times=9)) == Obstacle.REPLACED


def test_I4_the_amount_is_what_no_credit_note_has_given_back():
    assert open_amount(gross=Decimal("99.00"), credited=Decimal("66.00")) == Decimal("33.00")
