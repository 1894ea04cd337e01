"""The account's pages in the admin."""

from accounts.admin import (
    account,
    activation,
    caller,
    customer,
    dealers,
    home,
    hooks,
    notices,
    privacy,
    sign_ins,
    terms,
    timeline,
)

__all__ = [
    "account",
    "activation",
    "caller",
    "customer",
    "dealers",
    "home",
    "hooks",
    "notices",
    "privacy",
    "sign_ins",
    "terms",
    "timeline",
]
