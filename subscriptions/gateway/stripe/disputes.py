"""Disputes as Stripe keeps them, with their charge's PaymentIntent, whose metadata has the portal's key (P10)."""

from datetime import datetime

import stripe

from subscriptions.gateway.port import DisputeStanding
from subscriptions.gateway.stripe.amounts import from_minor_units
from subscriptions.gateway.stripe.keys import PER_PAGE, key_of

# An inquiry that is closed has taken nothing. A prevented dispute was settled by paying back.
DECIDED = {"won": "won", "warning_closed": "won", "lost": "lost", "prevented": "lost"}


def find(service: stripe.DisputeService, *, dispute_ref: str) -> DisputeStanding | None:
    try:
        return _standing(service.retrieve(dispute_ref, params={"expand": ["payment_intent"]}))
    except stripe.InvalidRequestError as error:
        if error.code != "resource_missing":
            raise
        return None


def listed(service: stripe.DisputeService, *, since: datetime) -> list[DisputeStanding]:
    """Oldest first; Stripe lists the newest first, by whole seconds."""
    asked = service.list(
        params={"created": {"gte": int(since.timestamp())}, "limit": PER_PAGE, "expand": ["data.payment_intent"]}
    )
    return [_standing(dispute) for dispute in asked.auto_paging_iter()][::-1]


def state_of(status: str) -> str:
    """`opened`, `won` or `lost`: whatever is not decided is open."""
    return DECIDED.get(status, "opened")


def _standing(dispute: stripe.Dispute) -> DisputeStanding:
    intent = dispute.payment_intent
    return DisputeStanding(
        dispute_ref=dispute.id,
        charge_key=key_of(intent) if isinstance(intent, stripe.PaymentIntent) else "",
        amount=from_minor_units(dispute.amount, currency=dispute.currency),
        currency=dispute.currency.upper(),
        state=state_of(dispute.status),
    )
