"""A refund as its customer reads of it: where it stands, which card it goes to, and the day to expect it by (X6)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portal.templatetags.frame import day_in_words
from subscriptions.models import Refund
from subscriptions.rules.lifecycle import RefundStatus


@dataclass(frozen=True, kw_only=True)
class ShownRefund:
    row: Refund
    tone: str
    badge: str
    sentence: str
    # The day has passed: the page offers the way to the customer centre.
    is_overdue: bool


def shown_refund(refund: Refund, *, today: date) -> ShownRefund:
    """`refund` comes with its payment and card."""
    tone, badge, sentence = _state(refund)
    facts = {"last4": refund.payment.card.last4, "day": day_in_words(refund.expected_on)}
    return ShownRefund(
        row=refund, tone=tone, badge=badge, sentence=sentence % facts, is_overdue=today > refund.expected_on
    )


def _state(refund: Refund) -> tuple[str, str, str]:
    if refund.is_by_transfer:
        sentence = _(
            "We sent it by bank transfer, as your card ending in %(last4)s did not take it. "
            "It should be there by %(day)s."
        )
        return "good", _("Sent"), sentence
    match refund.status:
        case RefundStatus.SUCCEEDED:
            sentence = _("It goes to your card ending in %(last4)s and should be there by %(day)s.")
            return "good", _("Sent"), sentence
        case RefundStatus.REJECTED:
            sentence = _(
                "Your card ending in %(last4)s has not taken it yet. We are handling it; you need do nothing. "
                "It was expected by %(day)s."
            )
            return "warn", _("Being handled"), sentence
    return "info", _("On its way"), _("It is promised to your card ending in %(last4)s and expected by %(day)s.")
