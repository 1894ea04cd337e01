"""The portal's idempotency keys on Stripe's objects, in whose metadata they can still be read years later."""

from collections.abc import Iterable
from typing import TypeVar

import stripe

Made = TypeVar("Made", stripe.PaymentIntent, stripe.Refund)
PER_PAGE = 100


def of_key(made: Iterable[Made], key: str) -> Made | None:
    return next((one for one in made if key_of(one) == key), None)


def key_of(made: stripe.PaymentIntent | stripe.Refund) -> str:
    """Empty for what somebody made by hand on Stripe's dashboard."""
    return made.metadata["key"] if made.metadata and "key" in made.metadata else ""


def having(name: str, value: str) -> str:
    """A query of Stripe's search language: the objects whose metadata has exactly this value."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'metadata["{name}"]:"{escaped}"'
