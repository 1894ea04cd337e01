"""Which gateway a deployment gets."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from subscriptions.gateway import get_gateway
from subscriptions.gateway.sandbox.client import SandboxGateway
from subscriptions.gateway.stripe.client import StripeGateway


@pytest.mark.parametrize(
    ("name", "is_production", "refusal"),
    [("sandbox", False, ""), ("sandbox", True, "not for production"), ("barter", False, "'barter'")],
)
def test_the_sandbox_is_had_anywhere_but_in_production(settings, name, is_production, refusal):
    settings.PAYMENT_GATEWAY, settings.PRODUCTION = name, is_production
    settings.SANDBOX_URL, settings.SANDBOX_SECRET = "http://127.0.0.1:8100", "secret"
    if refusal:
        with pytest.raises(ImproperlyConfigured, match=refusal):
            get_gateway()
    else:
        assert isinstance(get_gateway(), SandboxGateway)
        assert get_gateway() is get_gateway()


def test_stripe_is_had_with_its_key(settings):
    settings.PAYMENT_GATEWAY, settings.STRIPE_SECRET_KEY = "stripe", "sk_test_key"
    assert isinstance(get_gateway(), StripeGateway)
    assert get_gateway() is get_gateway()
