"""What a customer is asked to agree to before an order (S2): the same figures and words for page and app."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Dealer
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words, money
from subscriptions.actions.wallet import chargeable
from subscriptions.centre.packages import Offer
from subscriptions.models import PaymentCard, Plan
from subscriptions.rules.cancellation import upcoming_charges
from subscriptions.rules.periods import TRIAL_MONTHS
from subscriptions.rules.withdrawal import last_withdrawal_day
from subscriptions.templatetags.subscriptions import cancellation_sentence
from subscriptions.what_if import OtherPlan, Outcome, what_if_ordered
from subscriptions.words.terms import term_name

CHARGES_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The form, or the app's call, carries it sealed, and the order must still match it."""

    plan: Plan
    price: Decimal
    is_trial: bool
    charges_on: tuple[date, ...]
    # Today, or the day on which the free period ends (C4).
    starts_on: date
    is_ahead: bool
    withdraw_until: date
    referred_dealer: Dealer | None

    @property
    def first_charge_on(self) -> date:
        return self.charges_on[0]

    @property
    def trial_months(self) -> int:
        return TRIAL_MONTHS if self.is_trial else 0


def propose(plan: Plan, offer: Offer, dealer: Dealer | None, *, today: date) -> Proposal:
    starts_on = offer.starts_on or today
    charges = upcoming_charges(
        activated_on=starts_on,
        trial_months=TRIAL_MONTHS if offer.gives_trial else 0,
        term_months=plan.term_months,
        first=0,
        count=CHARGES_SHOWN,
    )
    return Proposal(
        plan=plan,
        price=plan.price,
        is_trial=offer.gives_trial,
        charges_on=tuple(charges),
        starts_on=starts_on,
        is_ahead=starts_on > today,
        withdraw_until=last_withdrawal_day(starts_on),
        referred_dealer=dealer,
    )


def order_text(offer: Offer, proposal: Proposal, *, currency: str) -> str:
    """The words beside the button: what the contract will say was agreed."""
    facts = {
        "package": offer.package.name,
        "term": term_name(proposal.plan.term),
        "price": money(proposal.price, currency),
        "day": day_in_words(proposal.first_charge_on),
    }
    if proposal.is_ahead:
        start = {"start": day_in_words(proposal.starts_on)}
        said = _(
            "I order %(package)s, %(term)s, for %(price)s including VAT, from %(start)s, first charged on %(day)s."
        )
        return said % (facts | start)
    return _("I order %(package)s, %(term)s, for %(price)s including VAT, first charged on %(day)s.") % facts


def card_problem(card: PaymentCard | None, *, today: date) -> Refusal | None:
    """What stands against the card that the order would charge, the first of the wallet (S11)."""
    try:
        chargeable(card, today=today)
    except Refusal as refusal:
        return refusal
    return None


def rights_of(proposal: Proposal, *, has_used_right: bool) -> list[str]:
    """Of cancelling, of withdrawing, and that it renews (X1, X5, S6), in the words of the summary."""
    renewal = _(
        "It renews by itself until you cancel. We write to you seven days before the first charge after a free month "
        "and before each yearly or four-yearly charge."
    )
    return [cancellation_sentence(proposal.plan), _withdrawal(proposal, has_used_right=has_used_right), renewal]


def _withdrawal(proposal: Proposal, *, has_used_right: bool) -> str:
    until = {"until": day_in_words(proposal.withdraw_until)}
    if proposal.is_trial:
        right = _(
            "You can withdraw from the contract until %(until)s without a reason. It then ends at once; nothing has "
            "been paid by then."
        )
        return right % until
    if has_used_right:
        return _("You have withdrawn from a contract with a refund before. You can still cancel.")
    right = _(
        "You can withdraw from the contract until %(until)s without a reason. It then ends at once, and you get "
        "back all that you paid."
    )
    return right % until


def outcomes_of(
    offer: Offer, proposal: Proposal, *, has_used_right: bool, today: date, day: date | None = None
) -> list[Outcome]:
    """S13: what a day that is asked about would bring, else three sample days."""
    return what_if_ordered(
        today=today,
        starts_on=proposal.starts_on,
        days=[day] if day else (),
        trial_months=proposal.trial_months,
        term_months=proposal.plan.term_months,
        price=proposal.price,
        currency=offer.market.currency,
        has_used_right=has_used_right,
        # The free month is used up with this order (S3).
        other_plans=[OtherPlan(term=plan.term, price=plan.price) for plan in offer.plans if plan != proposal.plan],
    )
