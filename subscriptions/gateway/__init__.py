"""Payment gateways: the port, and who stands behind it."""

from functools import cache

from subscriptions.gateway.port import Gateway


def get_gateway() -> Gateway:
    """The gateway of this deployment by PAYMENT_GATEWAY, SANDBOX_URL and SANDBOX_SECRET, or STRIPE_SECRET_KEY.

    Read at each call, so that importing this package needs no Django. Raises `ImproperlyConfigured` for a gateway that
    there is not, and for the sandbox in production: it must never stand between customers and real money.
    """
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    if settings.PAYMENT_GATEWAY == "stripe":
        return _stripe(settings.STRIPE_SECRET_KEY)
    if settings.PAYMENT_GATEWAY != "sandbox":
        raise ImproperlyConfigured(
            f"PAYMENT_GATEWAY is {settings.PAYMENT_GATEWAY!r}; the gateways are: sandbox, stripe."
        )
    if settings.PRODUCTION:
        raise ImproperlyConfigured("The sandbox payment provider is not for production: set PAYMENT_GATEWAY.")
    return _sandbox(settings.SANDBOX_URL, settings.SANDBOX_SECRET)


@cache
def _stripe(secret_key: str) -> Gateway:
    from subscriptions.gateway.stripe.client import StripeGateway

    return StripeGateway(secret_key)


@cache
def _sandbox(url: str, secret: str) -> Gateway:
    # One client for each process: it keeps its connections and takes calls from many threads.
    from subscriptions.gateway.sandbox.client import SandboxGateway

    return SandboxGateway(url, secret)
