""" "How is this calculated?": the next charge, from contract, calendar and price to the cent (S5, S10)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.money import split_gross
from portal.templatetags.frame import day_in_words, money, percentage
from subscriptions.models import Subscription
from subscriptions.rules.periods import months_before_period


@dataclass(frozen=True, kw_only=True)
class NextCharge:
    on: date
    amount: Decimal
    sentences: list[str]


def next_charge(row: Subscription) -> NextCharge | None:
    """As things stand; None where none is to come."""
    if row.next_charge_on is None or not row.is_live or row.has_stopped(row.next_charge_on):
        return None
    return NextCharge(on=row.next_charge_on, amount=row.next_price, sentences=charge_in_words(row, row.periods_paid))


def charge_in_words(row: Subscription, index: int) -> list[str]:
    """K5: why charge `index` falls on its day, why it is that much, and the VAT in it: contract, calendar and price."""
    return [_date(row, index), _price(row, index), _vat(row, index)]


def _date(row: Subscription, index: int) -> str:
    months = months_before_period(trial_months=row.trial_months, term_months=row.term_months, index=index)
    on = row.charge_date(index)
    facts = {"number": index + 1, "months": months, "start": day_in_words(row.activated_on), "day": day_in_words(on)}
    if months == 0:
        return _("Charge 1 is due on the day of activation, %(day)s.") % facts
    counted = ngettext(
        "Charge %(number)s is due %(months)s month after the activation on %(start)s.",
        "Charge %(number)s is due %(months)s months after the activation on %(start)s.",
        months,
    )
    free = _("The first month is free.") if row.trial_months else ""
    last = "" if on.day == row.activated_on.day else _("That month is shorter, so it is its last day.")
    return " ".join(filter(None, [counted % facts, free, last]))


def _price(row: Subscription, index: int) -> str:
    amount = money(row.agreed_for(index).price, row.currency)
    accepted = [each for each in row.amendments.all() if each.first_index <= index]
    if accepted:
        newest = max(accepted, key=lambda each: each.first_index)
        day = day_in_words(row.market.local_date(newest.accepted_at))
        return _("%(amount)s is the price that you accepted on %(day)s.") % {"amount": amount, "day": day}
    day = day_in_words(row.market.local_date(row.ordered_at))
    return _("%(amount)s is the price of your contract of %(day)s.") % {"amount": amount, "day": day}


def _vat(row: Subscription, index: int) -> str:
    agreed = row.agreed_for(index)
    rate, parts = agreed.vat_rate, split_gross(agreed.price, agreed.vat_rate)
    facts = {"vat": money(parts.vat, row.currency), "rate": percentage(rate), "net": money(parts.net, row.currency)}
    return _("VAT is included: %(vat)s (%(rate)s) on %(net)s net.") % facts
