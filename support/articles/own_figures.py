"""What an answer means for the selected car of who is signed in: dates and amounts of its own (H3, G5, G11).

Each figure is reckoned by the code that decides it; the article itself stays the same for everybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Account
from garage.access import current_memberships, selected_membership
from garage.models import Membership
from garage.rules.membership import MOST_VEHICLES
from portal.querying.rows_inside import with_rows
from portal.templatetags.frame import day_in_words, money, number
from subscriptions.access import cards_of, subscriptions_of
from subscriptions.centre.packages import offers_for
from subscriptions.models import Subscription
from subscriptions.rules.lifecycle import LIVE
from subscriptions.what_if import Outcome, around, may_ask, what_if
from subscriptions.words.presenting import present


@dataclass(frozen=True, kw_only=True)
class Figure:
    label: str
    value: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Figures:
    car: Membership | None
    found: list[Figure]

    @property
    def is_out_of_control(self) -> bool:
        """Another account has control: its dates and prices are not this one's to see."""
        return self.car is not None and not self.car.may_control


@dataclass(frozen=True, kw_only=True)
class _Asked:
    account: Account
    car: Membership | None
    now: datetime

    @property
    def today(self) -> date:
        return self.account.market.local_date(self.now)

    @property
    def running(self) -> list[Subscription]:
        if self.car is None:
            return []
        own = subscriptions_of(self.account).filter(vehicle=self.car.vehicle, status__in=sorted(LIVE))
        return list(with_rows(own, "package__plans"))


def figures_for(slug: str, account: Account, *, now: datetime) -> Figures | None:
    """None where the answer depends on no car."""
    find = _FINDERS.get(slug)
    if find is None:
        return None
    car = selected_membership(account)
    return Figures(car=car, found=find(_Asked(account=account, car=car, now=now)))


def _free_periods(asked: _Asked) -> list[Figure]:
    """C4: of each package of the car that has free years, until when."""
    if asked.car is None or not asked.car.may_control:
        return []
    url = reverse("services", args=[asked.car.public_id])
    return [
        Figure(label=offer.package.name, value=_free_until(offer.free_period.end_on, asked.today), url=url)
        for offer in offers_for(asked.car, today=asked.today)
        if offer.free_period and not offer.is_unavailable
    ]


def _free_until(end_on: date, today: date) -> str:
    day = day_in_words(end_on)
    if end_on <= today:
        return _("Your free period ended on %(day)s.") % {"day": day}
    return _("Your free period ends on %(day)s.") % {"day": day}


def _subscriptions(asked: _Asked) -> list[Figure]:
    """What runs on the car, with the date that matters."""
    return [_subscription(row) for row in asked.running]


def _subscription(row: Subscription) -> Figure:
    shown = present(row)
    value = f"{shown.headline} {day_in_words(shown.on)}" if shown.on else shown.badge
    if row.next_charge_on and not row.is_complimentary and not row.is_ending:
        value = f"{value}: {money(row.price, row.currency)}"
    return Figure(label=row.package.name, value=value, url=reverse("subscription", args=[row.public_id]))


def _cancellations(asked: _Asked) -> list[Figure]:
    """X1: what cancelling today would bring, by the code that cancels."""
    return [_cancellation(row, outcome) for row, outcome in _endings(asked)]


def _endings(asked: _Asked) -> list[tuple[Subscription, Outcome]]:
    running = asked.running
    given = around(asked.account, running)
    return [(row, what_if(row, on=asked.today, now=asked.now, given=given)) for row in running if may_ask(row)]


def _cancellation(row: Subscription, outcome: Outcome) -> Figure:
    quote = outcome.cancellation
    if quote is None:
        value = str(outcome.no_cancellation)
    else:
        facts = {"day": day_in_words(quote.ends_on), "refund": money(quote.refund, row.currency)}
        value = _("Cancelled today it ends on %(day)s, and %(refund)s comes back.") % facts
    return Figure(label=row.package.name, value=value, url=reverse("subscription", args=[row.public_id]))


def _withdrawals(asked: _Asked) -> list[Figure]:
    """X5: whether the right holds today, and what would come back."""
    return [_withdrawal(row, outcome) for row, outcome in _endings(asked)]


def _withdrawal(row: Subscription, outcome: Outcome) -> Figure:
    if outcome.withdrawal is None:
        value = str(outcome.no_withdrawal)
    else:
        refund = money(outcome.withdrawal.refund, row.currency)
        value = _("You can withdraw today, and %(refund)s comes back.") % {"refund": refund}
    return Figure(label=row.package.name, value=value, url=reverse("subscription", args=[row.public_id]))


def _cars(asked: _Asked) -> list[Figure]:
    """G1."""
    facts = {"own": number(current_memberships(asked.account).count()), "most": number(MOST_VEHICLES)}
    return [Figure(label=_("My Garage"), value=_("%(own)s of %(most)s cars") % facts, url=reverse("garage"))]


def _card(asked: _Asked) -> list[Figure]:
    """W3: the card that is charged."""
    primary = cards_of(asked.account).filter(is_primary=True).first()
    if primary is None:
        return []
    facts = {"last4": primary.last4, "month": f"{primary.exp_month:02}/{primary.exp_year}"}
    value = _("The card ending in %(last4)s is charged; it is good until %(month)s.") % facts
    return [Figure(label=_("My wallet"), value=value, url=reverse("wallet"))]


_KINDS: dict[Callable[[_Asked], list[Figure]], tuple[str, ...]] = {
    _free_periods: (
        *("when-free-years-start", "does-activation-start-the-free-period", "end-of-free-period-notice"),
        *("free-period-ended", "buy-before-it-ends", "after-the-free-years", "map-care-end", "online-services"),
        *("activate-older-multimedia", "bought-a-used-car"),
    ),
    _subscriptions: (
        *("are-my-services-active", "see-subscriptions-and-end-dates", "subscribed-but-not-working"),
        *("when-charged", "charge-after-the-free-month", "how-often-charged", "automatic-renewal"),
        *("is-there-a-charge", "not-charged", "wrong-amount", "free-month"),
    ),
    _cancellations: (
        *("how-to-cancel", "cancel-any-time", "refund-yearly-and-four-yearly", "how-to-learn-the-amount"),
        *("refund-policy", "cancel-in-the-free-month", "after-cancelling", "subscriptions-when-selling"),
        "subscriptions-when-car-is-removed",
    ),
    _withdrawals: ("withdrawal-right", "full-refund"),
    _cars: ("how-many-cars",),
    _card: ("which-card-is-charged", "card-expires", "change-primary-card"),
}
_FINDERS = {slug: find for find, slugs in _KINDS.items() for slug in slugs}
# The answers that depend on who asks.
DEPENDING = frozenset(_FINDERS)
