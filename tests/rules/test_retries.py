"""P2: three tries on three days, then the end."""

from datetime import date

import pytest

from subscriptions.rules.retries import GiveUp, TryAgain, after_failed_try, may_pay_now


@pytest.mark.parametrize(
    ("tries_used", "tried_on", "step"),
    [
        (1, date(2024, 2, 10), TryAgain(on=date(2024, 2, 11))),
        (2, date(2024, 2, 11), TryAgain(on=date(2024, 2, 12))),
        (3, date(2024, 2, 12), GiveUp()),
        # Days without runs are not counted: the next try follows the day on which this one was made.
        (1, date(2024, 2, 29), TryAgain(on=date(2024, 3, 1))),
        (2, date(2024, 12, 31), TryAgain(on=date(2025, 1, 1))),
    ],
)
def test_P2_what_follows_a_failed_try(tries_used, tried_on, step):
    assert after_failed_try(tries_used=tries_used, tried_on=tried_on) == step


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({}, True),
        ({"is_past_due": False}, False),
        ({"failed_last": True}, False),
        ({"failed_last": True, "is_to_confirm": True}, True),
        ({"is_to_confirm": True, "is_refused": True}, False),
        ({"is_refused": True}, False),
    ],
)
def test_P2_P8_another_card_or_a_confirmation_pays_between_the_tries(facts, may):
    standing = {"is_past_due": True, "is_refused": False, "failed_last": False, "is_to_confirm": False}
    assert may_pay_now(**standing | facts) is may
