"""When a customer is warned of what is coming (S9, C5): the event, and the first day of warning."""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS_BEFORE_CHARGE = 7
DAYS_BEFORE_COMPLIMENTARY_END = 30
LONG_TERM_MONTHS = 12
# S9, opted in: days before the charge, by the shortest term that has them.
EARLY_DAYS = {60: 48, 30: LONG_TERM_MONTHS}
DAYS_BEFORE_CARD_EXPIRES = (30, 7)


@dataclass(frozen=True, kw_only=True)
class AdvanceNotice:
    kind: str
    event_on: date
    days_before: int

    @property
    def first_day(self) -> date:
        return self.event_on - timedelta(days=self.days_before)

    @property
    def is_early(self) -> bool:
        """One that was opted into (S9)."""
        return self.kind == "charge_upcoming" and self.days_before in EARLY_DAYS

    def is_due(self, today: date) -> bool:
        """From the day of warning on, late rather than never, as long as the event has not happened."""
        return self.first_day <= today < self.event_on


def charge_warnings(
    *, is_trial: bool, term_months: int, next_charge_on: date, opted_in_on: date | None = None
) -> list[AdvanceNotice]:
    """S9, always told: 7 days before a trial's first charge, 7 days before each yearly or four-yearly charge.

    Opted in: also 60 days before (four-yearly) and 30 days before (yearly, four-yearly), those whose day had not passed
    when the customer opted in. A trial is shorter than that, and its first charge was confirmed with the order.
    """
    if is_trial:
        return [AdvanceNotice(kind="trial_ending", event_on=next_charge_on, days_before=DAYS_BEFORE_CHARGE)]
    if term_months >= LONG_TERM_MONTHS:
        always = AdvanceNotice(kind="charge_upcoming", event_on=next_charge_on, days_before=DAYS_BEFORE_CHARGE)
        return [*_early_warnings(term_months, next_charge_on, opted_in_on), always]
    return []


def _early_warnings(term_months: int, charge_on: date, opted_in_on: date | None) -> list[AdvanceNotice]:
    if opted_in_on is None:
        return []
    early = [
        AdvanceNotice(kind="charge_upcoming", event_on=charge_on, days_before=days)
        for days, shortest_term in EARLY_DAYS.items()
        if term_months >= shortest_term
    ]
    return [notice for notice in early if notice.first_day >= opted_in_on]


def card_warnings(last_valid_day: date) -> list[AdvanceNotice]:
    """W6: 30 and 7 days before the last day of the expiry month, that day included; what happens is on the next."""
    expires_on = last_valid_day + timedelta(days=1)
    return [
        AdvanceNotice(kind="card_expiring", event_on=expires_on, days_before=days + 1)
        for days in DAYS_BEFORE_CARD_EXPIRES
    ]


def complimentary_warning(ends_on: date) -> AdvanceNotice:
    """C5: 30 days before the free period ends, once."""
    return AdvanceNotice(kind="complimentary_ending", event_on=ends_on, days_before=DAYS_BEFORE_COMPLIMENTARY_END)
