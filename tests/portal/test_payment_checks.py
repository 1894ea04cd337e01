"""Which payment provider a deployment may start with; production's start is tested in tests/meta/test_production.py."""

import pytest

from portal.checks import payment_provider_is_set_up


@pytest.mark.parametrize(
    ("name", "is_production", "key", "refused"),
    [
        ("sandbox", False, "", []),
        ("barter", False, "", ["portal.E007"]),
        ("stripe", False, "sk_test_1", []),
        ("stripe", False, "rk_test_1", []),
        ("stripe", False, "sk_live_1", ["portal.E008"]),
        ("stripe", False, "", ["portal.E008"]),
        ("stripe", True, "rk_live_1", []),
        ("stripe", True, "sk_test_1", ["portal.E008"]),
        ("stripe", True, "pk_live_1", ["portal.E008"]),
    ],
)
def test_test_money_and_real_money_are_kept_apart(settings, name, is_production, key, refused):
    settings.PAYMENT_GATEWAY, settings.PRODUCTION, settings.STRIPE_SECRET_KEY = name, is_production, key
    assert [error.id for error in payment_provider_is_set_up(None)] == refused
