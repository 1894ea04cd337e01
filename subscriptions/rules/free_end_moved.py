"""Where a running free period ends once the car's facts are corrected (C4, K3)."""

from datetime import date, timedelta

from subscriptions.rules.advance_notice import DAYS_BEFORE_COMPLIMENTARY_END


def corrected_end(*, ends_on: date, by_old_facts: date | None, by_new_facts: date | None, today: date) -> date:
    """It moves as far as the facts move it, so that days of goodwill stay on top. An earlier end leaves the 30 days of
    C5's warning; so do facts by which the package is not free at all."""
    if by_new_facts == by_old_facts:
        return ends_on
    new = today
    if by_new_facts:
        new = ends_on + (by_new_facts - by_old_facts) if by_old_facts else by_new_facts
    if new >= ends_on:
        return new
    return min(ends_on, max(new, today + timedelta(days=DAYS_BEFORE_COMPLIMENTARY_END)))
