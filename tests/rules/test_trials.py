"""S4: with a trial the first charge is exactly one month after activation, without one on it."""

from datetime import date

import pytest

from subscriptions.rules.cancellation import Basis, Standing, quote_cancellation
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.periods import TRIAL_MONTHS, charge_on
from subscriptions.rules.refunds import NOTHING


@pytest.mark.parametrize("term_months", [1, 12, 48])
@pytest.mark.parametrize(
    ("activated_on", "trial_months", "first_charge_on"),
    [
        (date(2024, 1, 10), TRIAL_MONTHS, date(2024, 2, 10)),
        (date(2024, 1, 10), 0, date(2024, 1, 10)),
        (date(2024, 1, 31), TRIAL_MONTHS, date(2024, 2, 29)),
        (date(2023, 1, 31), TRIAL_MONTHS, date(2023, 2, 28)),
        (date(2024, 2, 29), TRIAL_MONTHS, date(2024, 3, 29)),
    ],
)
def test_S4_the_first_charge_follows_the_trial(activated_on, trial_months, first_charge_on, term_months):
    first = charge_on(activated_on=activated_on, trial_months=trial_months, term_months=term_months, index=0)
    assert first == first_charge_on


@pytest.mark.parametrize("day", [date(2024, 1, 10), date(2024, 1, 25), date(2024, 2, 9)])
def test_X2_a_cancelled_trial_stays_to_its_end_and_costs_nothing(day):
    trial = Standing(
        status=Status.TRIAL,
        activated_on=date(2024, 1, 10),
        trial_months=TRIAL_MONTHS,
        term_months=12,
        periods_paid=0,
        next_charge_on=date(2024, 2, 10),
        paid=NOTHING,
    )
    quote = quote_cancellation(trial, today=day)
    assert (quote.basis, quote.ends_on, quote.refund) == (Basis.TRIAL, date(2024, 2, 10), NOTHING)
