"""What the templates of this app need: terms, offers, cards and quotes in words."""

from collections.abc import Iterable

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from garage.models import Membership
from garage.portrait import Fact
from garage.rules.membership import Right
from garage.rules.warranty import WarrantyStart
from garage.words.refusals import capability_names, warranty_source_label
from portal.models import Market
from portal.templatetags.frame import money
from subscriptions.centre.limits import Limits
from subscriptions.centre.match import PackageMatch
from subscriptions.centre.packages import Offer
from subscriptions.centre.selling_channels import sold_in_app_sentence
from subscriptions.models import Document, Package, PaymentCard, Plan, Service
from subscriptions.rules.cancellation import Basis, Quote
from subscriptions.rules.eligibility import Missing
from subscriptions.rules.offer import OfferState
from subscriptions.words import terms
from subscriptions.words.car import car_sentence
from subscriptions.words.packages import needs_of, needs_of_service
from subscriptions.words.reasons import MISSING

register = template.Library()

CARD_BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express"}

OFFER_BADGES: dict[OfferState, tuple[str, Promise]] = {
    OfferState.UNAVAILABLE: ("neutral", gettext_lazy("Not for this car")),
    OfferState.STANDARD: ("good", gettext_lazy("Free")),
    OfferState.INCLUDED: ("info", gettext_lazy("Included")),
    OfferState.INCLUDED_LATER: ("info", gettext_lazy("Included later")),
    OfferState.COMPLIMENTARY: ("good", gettext_lazy("Complimentary")),
    OfferState.AVAILABLE: ("neutral", gettext_lazy("Available")),
    OfferState.PENDING: ("info", gettext_lazy("Being activated")),
    OfferState.TRIAL: ("good", gettext_lazy("Free month")),
    OfferState.PAID: ("good", gettext_lazy("Active")),
    OfferState.ENDING: ("warn", gettext_lazy("Ending")),
    OfferState.PAST_DUE: ("bad", gettext_lazy("Payment problem")),
    OfferState.EXPIRED: ("neutral", gettext_lazy("Expired")),
    OfferState.PAUSED: ("warn", gettext_lazy("Paused for Terms")),
}
IN_MAINTENANCE = ("warn", gettext_lazy("In maintenance"))
DISTURBED = ("bad", gettext_lazy("Disturbed"))
PAID_FOR = {OfferState.PENDING, OfferState.TRIAL, OfferState.PAID, OfferState.ENDING, OfferState.PAST_DUE}
# What the connectivity match tells of a car that nobody proved: whether it is made for it (G7, G11).
CAPABLE = ("good", gettext_lazy("This car can have it"))


@register.filter
def term_name(term: str) -> str:
    return terms.term_name(term)


@register.filter
def of_car(offer: Offer) -> str:
    """What the car has still to switch on (C1)."""
    return car_sentence(offer.subscription, offer.market.zone) if offer.subscription and offer.waits_for_car else ""


@register.filter
def missing_sentence(missing: Missing) -> str:
    return str(MISSING[missing])


@register.inclusion_tag("components/badge.html")
def offer_badge(offer: Offer, membership: Membership, limits: Limits) -> dict[str, str]:
    is_known = membership.may(Right.SERVICE_STATE)
    of_work = _badge_of_work(limits) if is_known else None
    tone, text = of_work or _badge_of_car(offer, membership) or badge_of(offer.state, membership)
    return {"tone": tone, "text": str(text)}


def _badge_of_work(limits: Limits) -> tuple[str, Promise] | None:
    """C1: what is being mended or maintained says so, whatever its state."""
    if limits.is_in_maintenance:
        return IN_MAINTENANCE
    return DISTURBED if limits.is_disturbed else None


def _badge_of_car(offer: Offer, membership: Membership) -> tuple[str, Promise] | None:
    """C1: what the car has not switched on yet is being activated, unless something else is to be done first."""
    is_said = offer.waits_for_car and offer.state not in {OfferState.ENDING, OfferState.PAST_DUE}
    return OFFER_BADGES[OfferState.PENDING] if is_said and membership.may(Right.SERVICE_STATE) else None


def badge_of(state: OfferState, membership: Membership) -> tuple[str, Promise]:
    """G11: others see that a service runs, and nothing of how it is paid for."""
    if state is OfferState.UNAVAILABLE or membership.may(Right.CONTROL):
        return OFFER_BADGES[state]
    if not membership.may(Right.SERVICE_STATE):
        return CAPABLE
    return OFFER_BADGES[OfferState.PAID if state in PAID_FOR else state]


@register.filter
def reasons_without(offer: Offer | PackageMatch, service: Service) -> list[Missing]:
    """Why this service of the package does not work on that car; empty where it does (C2)."""
    return offer.without.get(service.pk, [])


@register.inclusion_tag("components/badge.html")
def match_badge(match: PackageMatch) -> dict[str, str]:
    tone, text = CAPABLE if match.is_available else OFFER_BADGES[OfferState.UNAVAILABLE]
    return {"tone": tone, "text": str(text)}


@register.filter
def needs(package: Package) -> list[Fact]:
    return needs_of(package)


@register.filter
def service_needs(service: Service) -> str:
    return needs_of_service(service)


@register.filter
def start_source(start: WarrantyStart) -> str:
    """C4: the date that the free years count from, by where it comes from."""
    return warranty_source_label(start.source)


@register.filter
def capability_words(codes: Iterable[str]) -> list[str]:
    return capability_names(list(codes))


@register.inclusion_tag("components/card_chip.html")
def card_chip(card: PaymentCard) -> dict[str, str]:
    expiry = f"{card.exp_month:02d}/{card.exp_year % 100:02d}"
    return {"brand": CARD_BRANDS.get(card.brand, card.brand), "last4": card.last4, "expiry": expiry}


@register.simple_tag
def document_amount(document: Document) -> str:
    """Gross; a credit note's with a minus, since it went the other way."""
    return money(-document.gross if document.is_credit_note else document.gross, document.currency)


@register.filter
def plan_sentence(plan: Plan) -> str:
    if plan.term_months == 1:
        return _("Charged each month. Cancelled, it runs to the end of the paid month.")
    per_month = {"months": plan.term_months}
    return _("Charged every %(months)s months. Cancelled early, whole months left are paid back.") % per_month


@register.simple_tag
def sold_in_app(market: Market) -> str:
    """C8: said where the market does not sell on these pages."""
    return sold_in_app_sentence(market)


@register.filter
def cancellation_sentence(plan: Plan) -> str:
    if plan.term_months == 1:
        return _("You can cancel at any time. It then runs to the end of the paid month; months are not paid back.")
    return _("You can cancel at any time. It then ends with the month in use, and each whole month left is paid back.")


@register.filter
def quote_sentence(quote: Quote) -> str:
    """How the end and the refund were reckoned: the rule that was applied, with its figures."""
    match quote.basis:
        case Basis.NOT_STARTED:
            return _("It has not started. Nothing is charged and nothing is owed.")
        case Basis.TRIAL:
            return _("The free month runs to its end. Nothing is charged.")
        case Basis.MONTHLY:
            return _("The month is paid and runs to its end. It does not renew.")
        case Basis.UNPAID:
            return _("A charge was due and is not paid, so the service ends today. Nothing is owed.")
        case Basis.COMPLIMENTARY:
            return _("It costs nothing. You can activate it again while its complimentary period lasts.")
        case Basis.WITHDRAWAL:
            return _("Its fourteen days are not over: what you paid is paid back.")
        case Basis.CANCELLED_BEFORE:
            return _("You had cancelled it before. Nothing more is paid back.")
        case Basis.AT_ONCE:
            return _("It ends at once. For a free month or a paid month nothing is paid back.")
        case Basis.WITH_BASE:
            return _("It ends with the package that it is an addition to. Nothing is paid back.")
        case Basis.DISCONTINUED:
            return _("The package is not offered any more. No whole month is left that could be paid back.")
    return f"{_used(quote.months_used)} {_left(quote.months_left)}"


def _used(months: int) -> str:
    words = ngettext("%(months)s month counts as used.", "%(months)s months count as used.", months)
    return words % {"months": months}


def _left(months: int) -> str:
    words = ngettext(
        "%(months)s whole month is left and is paid back.",
        "%(months)s whole months are left and are paid back.",
        months,
    )
    return words % {"months": months}
