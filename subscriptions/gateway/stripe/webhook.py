"""Whether an event really comes from Stripe."""

from collections.abc import Iterable

import stripe

# How old a signature may be, against events that somebody has recorded and sends again.
TOLERANCE_SECONDS = 300


class NotFromStripe(Exception):
    """No secret of ours has signed this body, or too long ago."""


def verified_event(body: bytes, *, signature: str, secrets: Iterable[str]) -> stripe.Event:
    """The event of a signed body (header Stripe-Signature); several secrets, while one takes over from another.

    Raises `NotFromStripe`, before anything of the body is believed; `ValueError` for a signed body that is no event.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotFromStripe from None
    for secret in secrets:
        try:
            return stripe.Webhook.construct_event(  # type: ignore[no-any-return]
                text, signature, secret, TOLERANCE_SECONDS
            )
        except stripe.SignatureVerificationError:
            continue
    raise NotFromStripe
