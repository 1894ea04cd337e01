"""A subscription as pages show it: its state in words, the date that matters, and the one next step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from portal.models import Market
from portal.texts import localized
from subscriptions.access import subscriptions_of
from subscriptions.models import Subscription
from subscriptions.rules.cancellation import Consequence, Quote
from subscriptions.rules.lifecycle import Status
from subscriptions.words.car import car_sentence
from subscriptions.words.naming import car_of
from subscriptions.words.reasons import ENDS
from subscriptions.words.terms import term_name

BADGES: dict[str, tuple[str, Promise]] = {
    Status.PENDING: ("info", gettext_lazy("Being activated")),
    Status.SCHEDULED: ("info", gettext_lazy("Ordered")),
    Status.COMPLIMENTARY: ("good", gettext_lazy("Complimentary")),
    Status.TRIAL: ("good", gettext_lazy("Free month")),
    Status.PAID: ("good", gettext_lazy("Active")),
    Status.PAST_DUE: ("bad", gettext_lazy("Payment problem")),
    Status.ENDED: ("neutral", gettext_lazy("Ended")),
}
WAITS_FOR_CAR = ("info", gettext_lazy("Being activated"))
ENDING = ("warn", gettext_lazy("Ending"))
PAUSED = ("warn", gettext_lazy("Paused for Terms"))


@dataclass(frozen=True, kw_only=True)
class Shown:
    row: Subscription
    tone: str
    badge: str
    # What the page's large figure is: a label, a date, and a sentence that says what it means.
    headline: str
    on: date | None
    sentence: str
    # What the car has still to do; empty where it waits for nothing (C1).
    of_car: str = ""

    @property
    def package_name(self) -> str:
        return self.row.package.name

    @property
    def vehicle_label(self) -> str:
        return car_of(self.row)

    @property
    def term(self) -> str:
        return term_name(self.row.term)

    @property
    def has_charge_ahead(self) -> bool:
        """Whether `on` is the day of a charge: its amount belongs beside it."""
        row = self.row
        due = row.next_try_on if row.is_past_due else row.next_charge_on
        if not row.is_live or row.is_ending or row.is_pending or row.open_offer or due is None:
            return False
        return self.on == due and not row.has_stopped(due)


FUNDINGS: dict[str, Promise] = {
    "credit": gettext_lazy("credit cards"),
    "debit": gettext_lazy("debit cards"),
    "prepaid": gettext_lazy("prepaid cards"),
}


def card_facts(market: Market) -> dict[str, str]:
    """What is said wherever a card can be added: brands, funding, and who stores and processes the data (W1)."""
    brands = ", ".join(brand.title() for brand in market.card_brands)
    fundings = ", ".join(str(FUNDINGS.get(funding, funding)) for funding in market.card_funding)
    return {"accepted": f"{brands} ({fundings})", "processor": localized(market.card_processor)}


def present(row: Subscription, *, is_paused: bool = False) -> Shown:
    """`is_paused`: its account has not accepted the Terms in its days (A2)."""
    tone, badge = ENDING if row.is_ending else BADGES[row.status]
    headline, on, sentence = _headline(row)
    of_car = car_sentence(row, row.market.zone) if not is_paused else ""
    if of_car and not row.is_past_due and not row.is_ending:
        tone, badge = WAITS_FOR_CAR
    if is_paused and row.is_live:
        tone, badge = PAUSED
        sentence = _("It goes on as soon as you accept the Terms of Use. Until then nothing is charged.")
    return Shown(row=row, tone=tone, badge=str(badge), headline=headline, on=on, sentence=sentence, of_car=of_car)


def _headline(row: Subscription) -> tuple[str, date | None, str]:
    if row.status == Status.ENDED:
        return _("Ended on"), row.ends_on, str(ENDS.get(row.end_reason, ""))
    if row.is_complimentary:
        until = min(filter(None, [row.ends_on, row.discontinued_on]))
        return _("Included until"), until, _("It comes with the car, costs nothing and ends by itself.")
    if row.is_ending:
        return _("Ends on"), row.ends_on, _("Until then everything stays on. It does not renew.")
    if row.is_scheduled:
        return _("Starts on"), row.activated_on, _("Nothing is charged before, and you can cancel at any time.")
    if row.is_pending:
        return (
            _("Ordered on"),
            row.activated_on,
            _("Your bank has not answered yet. It may ask you to confirm."),
        )
    if row.is_past_due:
        return (
            _("Next try on"),
            row.next_try_on,
            _("Your card was declined. The service stays on meanwhile; another primary card is tried instead."),
        )
    if row.next_charge_on and row.discontinued_on and row.discontinued_on <= row.next_charge_on:
        return _("Ends on"), row.discontinued_on, _("It is not offered any more. Whole months left are paid back.")
    if row.open_offer:
        return _("New price on"), row.open_offer.charge_on, _("Unless you accept the new price it ends on that day.")
    if row.is_in_trial:
        return _("First charge on"), row.next_charge_on, _("Until then the month is free, and you can cancel any time.")
    return _("Next charge on"), row.next_charge_on, _("It renews by itself until you cancel.")


@dataclass(frozen=True, kw_only=True)
class ShownEnd:
    """A subscription that ends because of something else, and how."""

    shown: Shown
    quote: Quote


def present_consequences(account: Account, ends: Iterable[Consequence]) -> list[ShownEnd]:
    """In the order given. One query."""
    quotes = {end.subscription: end.quote for end in ends}
    rows = {row.public_id.hex: row for row in subscriptions_of(account).filter(public_id__in=quotes)} if quotes else {}
    return [ShownEnd(shown=present(rows[key]), quote=quote) for key, quote in quotes.items()]
