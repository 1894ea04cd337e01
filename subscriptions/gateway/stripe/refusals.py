"""A bank's refusal, as Stripe passes it on, in the words of the port (P6, P8)."""

from typing import Any

from subscriptions.gateway.port import Declined, NeedsAuthentication

AUTHENTICATION_REQUIRED = "authentication_required"
AUTHENTICATION_FAILED = frozenset({"setup_intent_authentication_failure", "payment_intent_authentication_failure"})
REASONS = {
    "insufficient_funds": "insufficient_funds",
    "expired_card": "expired",
    "stolen_card": "stolen",
    "lost_card": "stolen",
    "pickup_card": "stolen",
}
# The networks forbid to try these again, whatever advice comes with them.
FINAL = frozenset(
    {
        "invalid_account",
        "lost_card",
        "pickup_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "stolen_card",
        "stop_payment_order",
    }
)
DO_NOT_TRY_AGAIN = "do_not_try_again"
# Mastercard's merchant advice: do not try again; the customer has cancelled the agreement.
NETWORK_ADVICE_AGAINST = frozenset({"03", "21"})


def charge_refusal(error: Any) -> Declined | NeedsAuthentication:
    """`error`: the body of a card error, or a PaymentIntent's `last_payment_error`, which has the same fields."""
    if AUTHENTICATION_REQUIRED in (_field(error, "code"), _field(error, "decline_code")):
        return NeedsAuthentication()
    if _field(error, "code") in AUTHENTICATION_FAILED:
        return Declined(reason="authentication_failed")
    return Declined(reason=decline_reason(error), is_final=_is_final(error))


def setup_refusal(error: Any) -> str:
    """Why a card was not added, of a SetupIntent's `last_setup_error`; without one, the customer never tried."""
    if error is None:
        return "cancelled"
    if _field(error, "code") in AUTHENTICATION_FAILED | {AUTHENTICATION_REQUIRED}:
        return "authentication_failed"
    return decline_reason(error)


def decline_reason(error: Any) -> str:
    return REASONS.get(_field(error, "decline_code") or _field(error, "code"), "declined")


def _is_final(error: Any) -> bool:
    return (
        _field(error, "advice_code") == DO_NOT_TRY_AGAIN
        or _field(error, "network_advice_code") in NETWORK_ADVICE_AGAINST
        or _field(error, "decline_code") in FINAL
    )


def _field(error: Any, name: str) -> str:
    # Stripe leaves out what it does not know, and an object of its SDK has no attribute then.
    return getattr(error, name, None) or ""
