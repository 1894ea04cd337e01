"""Months, shares and VAT reckoned once more, in code that the product does not know (S5, X4, X5, Words)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

MONTHS = {"monthly": 1, "yearly": 12, "four-yearly": 48}
NOTHING = Decimal("0.00")
VAT_PERCENT = 19


def months_after(day: date, count: int) -> date:
    """The same day `count` months later, or that month's last."""
    month = day.year * 12 + day.month - 1 + count
    for day_of_month in range(day.day, 0, -1):
        try:
            return date(month // 12, month % 12 + 1, day_of_month)
        except ValueError:
            continue
    raise AssertionError("a month without days")


def to_cent(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def net(gross: Decimal) -> Decimal:
    return to_cent(gross * 100 / (100 + VAT_PERCENT))


@dataclass
class Paid:
    on: date
    amount: Decimal
    card: str
    invoice: str = ""
    refunded: Decimal = NOTHING
    noted: Decimal = NOTHING


@dataclass
class Contract:
    """What the ledger has told of one order, or of one complimentary period."""

    package: str
    activated_on: date
    trial_months: int
    term_months: int
    price: Decimal
    is_free: bool = False
    paid: list[Paid] = field(default_factory=list)
    ends_on: date | None = None
    ended_on: date | None = None
    tries: int = 0
    tried_on: date | None = None
    failed: set[tuple[date, str]] = field(default_factory=set)

    @property
    def was_cancelled(self) -> bool:
        return self.ends_on is not None and not self.is_free

    def starts(self, index: int) -> date:
        return months_after(self.activated_on, self.trial_months + index * self.term_months)

    @property
    def due_on(self) -> date:
        return self.starts(len(self.paid))

    def own_end(self, today: date) -> tuple[date, Decimal]:
        """X2, X3, X4, X11: the end and the refund of cancelling today."""
        if self.is_free or self.due_on <= today or today < self.activated_on:
            return today, NOTHING
        if not self.paid or self.term_months == 1:
            return self.due_on, NOTHING
        before = self.trial_months + (len(self.paid) - 1) * self.term_months
        used = next(k for k in range(self.term_months + 1) if months_after(self.activated_on, before + k) >= today)
        share = self.price * (self.term_months - used) / self.term_months
        return months_after(self.activated_on, before + used), to_cent(share)

    def end_at_once(self, today: date, *, right_used: bool) -> tuple[date, Decimal]:
        """X7: the refund of X5 where it still applies, else that of X4, and none a second time."""
        if self.may_withdraw(today) and self.paid and self.paid[0].refunded == 0 and not right_used:
            return today, self.paid[0].amount
        return today, NOTHING if self.was_cancelled else self.own_end(today)[1]

    def end_with_base(self, today: date, *, base_ends_on: date, right_used: bool) -> tuple[date, Decimal]:
        """S12."""
        if base_ends_on <= today:
            return self.end_at_once(today, right_used=right_used)
        own_end, refund = (self.ends_on, NOTHING) if self.ends_on else self.own_end(today)
        return min(own_end, base_ends_on), refund

    def may_withdraw(self, today: date) -> bool:
        return today <= self.activated_on + timedelta(days=14)
