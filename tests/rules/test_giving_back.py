"""What staff give back, and by how much an end moves (K3)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from subscriptions.rules.cancellation import Standing, quote_cancellation
from subscriptions.rules.extending import Ending, Obstacle, extend
from subscriptions.rules.giving_back import expires_at, missed_month, needs_two, within_what_was_paid
from subscriptions.rules.leaving import Leaver, end_at_once
from subscriptions.rules.lifecycle import Status

D = Decimal


@pytest.mark.parametrize(
    ("amount", "paid", "refunded", "is_within"),
    [
        ("60.00", "60.00", "0.00", True),
        ("60.01", "60.00", "0.00", False),
        ("20.00", "60.00", "40.00", True),
        ("20.01", "60.00", "40.00", False),
        ("0.00", "60.00", "0.00", False),
        ("-1.00", "60.00", "0.00", False),
    ],
)
def test_K3_never_above_what_was_paid_less_what_was_refunded(amount, paid, refunded, is_within):
    assert within_what_was_paid(amount=D(amount), paid=D(paid), refunded=D(refunded)) is is_within


@pytest.mark.parametrize(
    ("amount", "before", "is_for_two"),
    [("50.00", "0", False), ("50.01", "0", True), ("20.00", "30.00", False), ("20.01", "30.00", True)],
)
def test_K3_above_the_limit_two_persons_however_it_is_cut(amount, before, is_for_two):
    assert needs_two(amount=D(amount), given_before=D(before), alone_up_to=D("50.00")) is is_for_two


@pytest.mark.parametrize(
    ("paid", "months", "month"),
    [("5.00", 1, "5.00"), ("60.00", 12, "5.00"), ("69.00", 12, "5.75"), ("229.00", 48, "4.77"), ("99.90", 12, "8.33")],
)
def test_K3_a_missed_month_is_its_share_of_the_term(paid, months, month):
    assert missed_month(paid=D(paid), term_months=months) == D(month)


def test_K3_a_proposal_is_good_for_seven_days():
    assert expires_at(datetime(2026, 6, 10, 9, tzinfo=UTC)) == datetime(2026, 6, 17, 9, tzinfo=UTC)


def yearly(given_back: str) -> Standing:
    return Standing(
        status=Status.PAID,
        activated_on=date(2024, 2, 10),
        trial_months=0,
        term_months=12,
        periods_paid=1,
        paid=D("60.00"),
        next_charge_on=date(2025, 2, 10),
        given_back=D(given_back),
    )


@pytest.mark.parametrize(
    ("given_back", "cancelled_on", "refund"),
    [
        ("0.00", date(2024, 5, 30), "40.00"),
        # It stays the customer's: X4 counts from the gross that was charged.
        ("5.00", date(2024, 5, 30), "40.00"),
        ("20.00", date(2024, 5, 30), "40.00"),
        ("20.01", date(2024, 5, 30), "39.99"),
        ("5.00", date(2024, 2, 10), "55.00"),
        ("60.00", date(2024, 5, 30), "0.00"),
    ],
)
def test_X4_pays_back_at_most_what_staff_left_of_the_payment(given_back, cancelled_on, refund):
    assert quote_cancellation(yearly(given_back), today=cancelled_on).refund == D(refund)


@pytest.mark.parametrize(
    ("given_back", "refunded", "ends_on", "refund"),
    [
        # Within the fourteen days X5 pays the rest of what was paid; after a cancellation there is no second refund.
        ("5.00", "5.00", None, "55.00"),
        ("5.00", "60.00", date(2024, 2, 10), "0.00"),
    ],
)
def test_X7_deducts_what_staff_gave_back(given_back, refunded, ends_on, refund):
    leaver = Leaver(standing=yearly(given_back), ends_on=ends_on, paid=D("60.00"), refunded=D(refunded))
    assert end_at_once(leaver, has_used_right=False, today=date(2024, 2, 20)).refund == D(refund)


TODAY, END = date(2026, 6, 10), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("facts", "days", "outcome"),
    [
        ({}, 30, date(2026, 7, 31)),
        ({}, 90, date(2026, 9, 29)),
        ({}, 91, Obstacle.TOO_LONG),
        ({}, 0, Obstacle.TOO_LONG),
        ({"extended_days": 61}, 29, date(2026, 7, 30)),
        ({"extended_days": 61}, 30, Obstacle.TOO_LONG),
        ({"ends_on": None, "status": Status.PAID}, 7, Obstacle.RENEWS),
        ({"ends_on": TODAY}, 7, Obstacle.NOT_RUNNING),
        ({"status": Status.ENDED}, 7, Obstacle.NOT_RUNNING),
        ({"status": Status.SCHEDULED}, 7, Obstacle.NOT_RUNNING),
        ({"status": Status.PAST_DUE}, 7, Obstacle.NOT_RUNNING),
        ({"latest": date(2026, 7, 8)}, 7, date(2026, 7, 8)),
        ({"latest": date(2026, 7, 8)}, 8, Obstacle.BEYOND),
    ],
)
def test_K3_goodwill_moves_an_end_that_is_set(facts, days, outcome):
    known = {"status": Status.COMPLIMENTARY, "ends_on": END, "extended_days": 0, "latest": None}
    assert extend(Ending(**known | facts), days=days, most_days=90, today=TODAY) == outcome
