"""Stripe's objects as outcomes of the port. Whatever is not an outcome yet raises `NotSettled`."""

import stripe
from stripe.checkout import Session

from subscriptions.gateway.port import (
    CardAdded,
    CardDetails,
    Charged,
    ChargeOutcome,
    Declined,
    NeedsAuthentication,
    Refunded,
    RefundOutcome,
    RefundRejected,
    SetupFailed,
    SetupOutcome,
    SetupPending,
)
from subscriptions.gateway.stripe.amounts import from_minor_units
from subscriptions.gateway.stripe.refusals import charge_refusal, setup_refusal


class NotSettled(Exception):
    """Stripe itself does not know yet, or says something that has no meaning here."""


def charge_outcome(intent: stripe.PaymentIntent) -> ChargeOutcome:
    match intent.status:
        case "succeeded":
            amount = from_minor_units(intent.amount_received, currency=intent.currency)
            return Charged(charge_ref=intent.id, amount=amount, currency=intent.currency.upper())
        case "requires_action":
            return NeedsAuthentication(url=_page_of(intent))
        case "requires_payment_method" if intent.last_payment_error:
            return charge_refusal(intent.last_payment_error)
        case "canceled":
            # Abandoned: the customer did not confirm in time (`charges`).
            is_abandoned = intent.cancellation_reason == "abandoned"
            return Declined(reason="authentication_failed" if is_abandoned else "declined")
    raise NotSettled(f"{intent.id} is {intent.status}")


def _page_of(intent: stripe.PaymentIntent) -> str:
    """Where the customer confirms, if Stripe has a page for it; mostly it wants its own script on our page."""
    redirect = getattr(intent.next_action, "redirect_to_url", None)
    return getattr(redirect, "url", None) or ""


def refund_outcome(refund: stripe.Refund) -> RefundOutcome:
    """Pending counts as refunded: Stripe has taken the money from the balance, and a failure comes as an event."""
    match refund.status:
        case "succeeded" | "pending":
            amount = from_minor_units(refund.amount, currency=refund.currency)
            return Refunded(refund_ref=refund.id, amount=amount)
        case "failed" | "canceled":
            reason = getattr(refund, "failure_reason", None) or "unknown"
            return RefundRejected(reason="rejected" if reason == "unknown" else reason)
    raise NotSettled(f"{refund.id} is {refund.status}")


def setup_outcome(session: Session) -> SetupOutcome:
    """`session` was retrieved with its `setup_intent.payment_method`.

    While the page is open the customer may try another card there, so that a first failure is no outcome yet.
    """
    intent = session.setup_intent
    if session.status == "open" or not isinstance(intent, stripe.SetupIntent):
        return SetupFailed(reason="cancelled") if session.status == "expired" else SetupPending()
    if intent.status == "succeeded":
        return CardAdded(card=_card(session, intent.payment_method))
    if session.status == "expired" or intent.status in {"requires_payment_method", "canceled"}:
        return SetupFailed(reason=setup_refusal(intent.last_setup_error))
    return SetupPending()


def card_ref(*, customer: str, payment_method: str) -> str:
    """Stripe charges a card as one of its customer: a reference of ours names both."""
    return f"{customer}:{payment_method}"


def parts_of_card_ref(card_ref: str) -> tuple[str, str]:
    """Customer and payment method. Raises `ValueError` for what is no reference of this gateway."""
    customer, _, payment_method = card_ref.partition(":")
    if not (customer.startswith("cus_") and payment_method.startswith("pm_")):
        raise ValueError(f"{card_ref!r} is no card of Stripe.")
    return customer, payment_method


def _card(session: Session, method: object) -> CardDetails:
    if not isinstance(method, stripe.PaymentMethod) or method.card is None:
        raise NotSettled(f"{session.id} has no card")
    card = method.card
    return CardDetails(
        card_ref=card_ref(customer=str(session.customer), payment_method=method.id),
        fingerprint=card.fingerprint or method.id,
        brand=card.brand,
        funding=card.funding,
        last4=card.last4,
        exp_month=card.exp_month,
        exp_year=card.exp_year,
        country=getattr(card, "country", None) or "",
    )
