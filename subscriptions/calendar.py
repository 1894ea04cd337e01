"""The dates of services and cards for the account's calendar: what ends, what is charged, what is still possible."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.calendar import Day
from accounts.models import Account
from garage.models import Membership
from portal.refusals import Refusal
from portal.templatetags.frame import money
from subscriptions.access import cards_of, subscriptions_of
from subscriptions.actions.withdraw import withdrawal_quote
from subscriptions.models import Subscription
from subscriptions.rules.lifecycle import CONCLUDED
from subscriptions.rules.withdrawal import last_withdrawal_day

# Each monthly charge of a year; the next one is shown however far it is.
AHEAD = timedelta(days=400)


def events_of(account: Account, now: datetime) -> Iterator[Day]:
    names = _names_of_cars(account)
    for row in subscriptions_of(account).filter(status__in=sorted(CONCLUDED)):
        car = names.get(row.vehicle_id, row.vehicle.model)
        yield from _ends(row, car)
        yield from _charges(row, car, today=account.market.local_date(now))
        yield from _withdrawal(row, car, now=now)
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


def _withdrawal(row: Subscription, car: str, *, now: datetime) -> Iterator[Day]:
    """X5: its fourteenth day, while the right is there."""
    last_day = last_withdrawal_day(row.activated_on)
    if last_day < row.market.local_date(now):
        return
    try:
        withdrawal_quote(row, now=now)
    except Refusal:
        return
    title = _("Last day to withdraw: %(package)s (%(car)s)") % {"package": row.package.name, "car": car}
    yield _day(
        row, "withdrawal", last_day, title, _("Until midnight you can withdraw from the contract in the portal.")
    )


def _card(account: Account) -> Iterator[Day]:
    """W6: the last day of the card that is charged."""
    card = cards_of(account).filter(is_primary=True).first()
    if card:
        title = _("Card ending in %(last4)s expires") % {"last4": card.last4}
        text = _("It is good until the end of this day. You can add another one in your wallet.")
        yield Day(f"card-{card.public_id.hex}", card.expires_on, title, text, reverse("wallet"))


def _names_of_cars(account: Account) -> dict[int, str]:
    """As the account calls them: neither plate nor VIN (a calendar is often shared)."""
    links = Membership.objects.current().filter(account=account).select_related("vehicle")
    return {link.vehicle_id: link.label for link in links}


def _day(row: Subscription, what: str, on: date, title: str, text: str) -> Day:
    return Day(f"{what}-{row.public_id.hex}", on, title, text, reverse("subscription", args=[row.public_id]))
