"""What may be concluded when a call to Stripe does not come back with its object (P4, P7)."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import stripe

from subscriptions.gateway.circuit import NotAsked
from subscriptions.gateway.port import ProviderDown, RateLimited
from subscriptions.gateway.stripe.outcomes import NotSettled

NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    NotAsked,
)
# Stripe counts calls by the second, and mostly does not say how long to wait.
RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 60.0


@contextmanager
def concluding(*, unanswered: type[Exception]) -> Iterator[None]:
    """`unanswered` is what no answer means: `OutcomeUnknown` where money was to move, `ProviderDown` for questions.

    Over the rate: `RateLimited`. Never sent, or not let in (a wrong key is a fault of the deployment, not of a card):
    `ProviderDown`. Refused for what was asked: `ValueError`. Everything else is unanswered: Stripe calls its 5xx
    indeterminate, the 503 among them, and a 409 is the same key still at work.
    """
    try:
        yield
    except stripe.RateLimitError as error:
        raise RateLimited(f"More calls than Stripe takes: {error}", retry_after=_seconds(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise ProviderDown(f"Stripe did not take the request: {error}") from error
    except stripe.APIConnectionError as error:
        was_sent = not isinstance(error.__cause__, NOT_SENT)
        raise (unanswered if was_sent else ProviderDown)(f"Stripe was not reached: {error.__cause__!r}") from error
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        raise ValueError(f"Stripe refused the request: {error}") from error
    except stripe.StripeError as error:
        raise unanswered(f"Stripe answered {error.http_status}: {error}") from error
    except (NotSettled, AttributeError, KeyError, TypeError) as error:
        # A field that was to be there and is not: an answer that cannot be read is none.
        raise unanswered(f"Stripe's answer says nothing: {error!r}") from error


def _seconds(error: stripe.RateLimitError) -> float:
    told = (error.headers or {}).get("Retry-After", "")
    return min(float(told), LONGEST_RETRY_SECONDS) if told.isascii() and told.isdigit() else RETRY_SECONDS
