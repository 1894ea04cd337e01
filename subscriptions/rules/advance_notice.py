"""When a customer is warned of what is coming (S9, C5): the event, and the first day of warning."""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS_BEFORE_CHARGE = 7
DAYS_BEFORE_COMPLIMENTARY_END = 30
LONG_TERM_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class AdvanceNotice:
    kind: str
    event_on: date
    days_before: int

    @property
    def first_day(self) -> date:
        return self.event_on - timedelta(days=self.days_before)

    def is_due(self, today: date) -> bool:
        """From the day of warning on, late rather than never, as long as the event has not happened."""
        return self.first_day <= today < self.event_on


def charge_warnings(*, is_trial: bool, term_months: int, next_charge_on: date) -> list[AdvanceNotice]:
    """S9, always told: 7 days before a trial's first charge, 7 days before each yearly or four-yearly charge."""
    if is_trial:
        return [AdvanceNotice(kind="trial_ending", event_on=next_charge_on, days_before=DAYS_BEFORE_CHARGE)]
    if term_months >= LONG_TERM_MONTHS:
        return [AdvanceNotice(kind="charge_upcoming", event_on=next_charge_on, days_before=DAYS_BEFORE_CHARGE)]
    return []


def complimentary_warning(ends_on: date) -> AdvanceNotice:
    """C5: 30 days before the free period ends, once."""
    return AdvanceNotice(kind="complimentary_ending", event_on=ends_on, days_before=DAYS_BEFORE_COMPLIMENTARY_END)
