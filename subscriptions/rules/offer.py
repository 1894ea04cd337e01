"""In which state a package stands for a car, and what can be done next (C1)."""

from collections.abc import Collection
from enum import StrEnum

from subscriptions.rules.eligibility import Missing
from subscriptions.rules.lifecycle import Status


class Channel(StrEnum):
    """Where an order comes from (C8)."""

    PORTAL = "portal"
    APP = "app"


class OfferState(StrEnum):
    UNAVAILABLE = "unavailable"
    # Free for everybody who accepted the Terms (C3).
    STANDARD = "standard"
    # Within its complimentary period, not taken up yet.
    INCLUDED = "included"
    # Its complimentary period is still to begin: nothing to take up yet, and nothing to buy before it has ended (C4).
    INCLUDED_LATER = "included_later"
    COMPLIMENTARY = "complimentary"
    AVAILABLE = "available"
    # Ordered, and not on yet.
    PENDING = "pending"
    TRIAL = "trial"
    PAID = "paid"
    ENDING = "ending"
    PAST_DUE = "past_due"
    # It was had, or its free years are over, and nothing follows yet.
    EXPIRED = "expired"
    # A2: whatever is on or could be ordered waits for its account to accept the Terms.
    PAUSED = "paused"


_RUNNING = {
    Status.SCHEDULED: OfferState.PENDING,
    Status.PENDING: OfferState.PENDING,
    Status.COMPLIMENTARY: OfferState.COMPLIMENTARY,
    Status.TRIAL: OfferState.TRIAL,
    Status.PAID: OfferState.PAID,
    Status.PAST_DUE: OfferState.PAST_DUE,
}


def offer_state(
    *,
    missing: Collection[Missing],
    is_standard: bool,
    running: Status | None,
    is_ending: bool,
    is_in_free_period: bool,
    is_free_later: bool = False,
    has_ended: bool = False,
    is_paused: bool = False,
) -> OfferState:
    """`running` is the status of the live subscription, `is_ending` whether the customer has set its end, `has_ended`
    whether the account had it on this car, or its free years are over; `is_free_later` whether these are yet to begin.

    `is_paused` of the account that controls the car (A2): nothing runs and nothing can be ordered.
    """
    if is_paused and (running or not missing):
        return OfferState.PAUSED
    if running in _RUNNING:
        return OfferState.ENDING if is_ending else _RUNNING[running]
    if missing:
        return OfferState.UNAVAILABLE
    if is_standard:
        return OfferState.STANDARD
    if is_in_free_period:
        return OfferState.INCLUDED
    if is_free_later:
        return OfferState.INCLUDED_LATER
    return OfferState.EXPIRED if has_ended else OfferState.AVAILABLE


def is_sold_by(channel: Channel, *, sells_in_portal: bool, channels: Collection[str] = ()) -> bool:
    """C8: a market may switch off buying in the portal, for all packages or for one; the app sells everywhere.

    `channels` are those of the package; empty for all.
    """
    return channel is Channel.APP or (sells_in_portal and (not channels or channel in channels))
