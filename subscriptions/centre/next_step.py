"""The one next action of a package for a car (C1), as code: the page draws it, the app is told it."""

from enum import StrEnum

from garage.models import Membership
from garage.rules.membership import Right
from subscriptions.centre.packages import Offer


class NextStep(StrEnum):
    NONE = "none"
    PROVE_ACCESS = "prove_access"
    ACCEPT_TERMS = "accept_terms"
    SEE_SUBSCRIPTION = "see_subscription"
    # A complimentary period that is not taken up yet (C4).
    ACTIVATE = "activate"
    ORDER = "order"
    # S12: what it is an addition to has to run first.
    ORDER_BASE = "order_base"


def next_step(offer: Offer, membership: Membership) -> NextStep:
    if not membership.may(Right.CONTROL):
        is_for_proof = not membership.may(Right.SERVICE_STATE) and not offer.is_unavailable
        return NextStep.PROVE_ACCESS if is_for_proof else NextStep.NONE
    if offer.is_paused:
        return NextStep.ACCEPT_TERMS
    if offer.subscription:
        return NextStep.SEE_SUBSCRIPTION
    if offer.is_included:
        return NextStep.ACTIVATE
    if not offer.is_orderable:
        return NextStep.NONE
    return NextStep.ORDER if offer.has_base else NextStep.ORDER_BASE


def may_order(offer: Offer, membership: Membership) -> bool:
    """Now, or ahead of the free period's end, where it is sold in the app."""
    return membership.may(Right.CONTROL) and offer.is_orderable and offer.has_base
