"""The account's pages in the admin."""

from accounts import found
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
    "found",
    "home",
    "hooks",
    "notices",
    "privacy",
    "sign_ins",
    "terms",
    "timeline",
]
