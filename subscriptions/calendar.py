"""The dates of services and cards for the account's calendar: what ends, what is charged, what is still possible."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.calendar import Day
from accounts.models import Account
from garage.models import Membership
from portal.templatetags.frame import money
from subscriptions.access import cards_of, subscriptions_of
from subscriptions.actions.withdraw import withdrawable
from subscriptions.models import Subscription
from subscriptions.rules.lifecycle import CONCLUDED
from subscriptions.rules.withdrawal import last_withdrawal_day

# Each monthly charge of a year; the next one is shown however far it is.
AHEAD = timedelta(days=400)


def events_of(account: Account, now: datetime) -> Iterator[Day]:
    today = account.market.local_date(now)
    rows = list(_named_by_car(subscriptions_of(account).filter(status__in=sorted(CONCLUDED))))
    in_time = [row for row in rows if last_withdrawal_day(row.activated_on) >= row.market.local_date(now)]
    may_withdraw = withdrawable(in_time, account, now=now)
    for row in rows:
        car = row.nickname or row.vehicle.model
        yield from _ends(row, car)
        yield from _charges(row, car, today=today)
        if row in may_withdraw:
            yield _withdrawal(row, car)
    yield from _card(account)


def _ends(row: Subscription, car: str) -> Iterator[Day]:
    about = {"package": row.package.name, "car": car}
    if row.is_complimentary:
        until = min(filter(None, [row.ends_on, row.discontinued_on]))
        text = _("From this day on it is off, unless you order a plan.")
        yield _day(row, "free-period-end", until, _("Free period ends: %(package)s (%(car)s)") % about, text)
    elif row.is_scheduled:
        text = _("As you ordered it. Nothing is charged before.")
        yield _day(row, "start", row.activated_on, _("Starts: %(package)s (%(car)s)") % about, text)
    elif row.is_in_trial:
        text = _("Nothing is charged.") if row.ends_on else _("From this day on it is paid, unless you cancel before.")
        yield _day(row, "trial-end", row.charge_date(0), _("Free month ends: %(package)s (%(car)s)") % about, text)
    elif row.ends_on:
        text = _("The first day without it.")
        yield _day(row, "end", row.ends_on, _("Ends: %(package)s (%(car)s)") % about, text)


def _charges(row: Subscription, car: str, *, today: date) -> Iterator[Day]:
    """S5: as agreed, up to an end; what was declined stands on the day of its next try (P2)."""
    if row.ends_on or row.next_charge_on is None:
        return
    index, last_day = row.periods_paid, today + AHEAD
    while (on := row.charge_date(index)) <= last_day or index == row.periods_paid:
        if row.stops_on and row.stops_on <= on:
            return
        is_retry = index == row.periods_paid and row.is_past_due
        yield _charge(row, car, index, on=(row.next_try_on or on) if is_retry else on)
        index += 1


def _charge(row: Subscription, car: str, index: int, *, on: date) -> Day:
    amount = money(row.agreed_for(index).price, row.currency)
    title = _("Charge of %(amount)s: %(package)s (%(car)s)") % {
        "amount": amount,
        "package": row.package.name,
        "car": car,
    }
    return _day(row, f"charge-{index}", on, title, _("It is taken from your primary card. You can cancel before."))


def _withdrawal(row: Subscription, car: str) -> Day:
    """X5: its fourteenth day, while the right is there."""
    title = _("Last day to withdraw: %(package)s (%(car)s)") % {"package": row.package.name, "car": car}
    text = _("Until midnight you can withdraw from the contract in the portal.")
    return _day(row, "withdrawal", last_withdrawal_day(row.activated_on), title, text)


def _card(account: Account) -> Iterator[Day]:
    """W6: the last day of the card that is charged."""
    card = cards_of(account).filter(is_primary=True).first()
    if card:
        title = _("Card ending in %(last4)s expires") % {"last4": card.last4}
        text = _("It is good until the end of this day. You can add another one in your wallet.")
        yield Day(f"card-{card.public_id.hex}", card.expires_on, title, text, reverse("wallet"))


def _named_by_car(rows: QuerySet[Subscription]) -> QuerySet[Any]:
    """With what the account calls the car, if anything: neither plate nor VIN is said (a calendar is often shared)."""
    links = Membership.objects.current().filter(account=OuterRef("account"), vehicle=OuterRef("vehicle"))
    return rows.annotate(nickname=Subquery(links.values("nickname")[:1]))


def _day(row: Subscription, what: str, on: date, title: str, text: str) -> Day:
    return Day(f"{what}-{row.public_id.hex}", on, title, text, reverse("subscription", args=[row.public_id]))
