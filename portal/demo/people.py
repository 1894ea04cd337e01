"""Who can sign in to the demo: the customers of the sample stories, and one of each of the customer centre's roles."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

# It is printed at every start and opens nothing but invented data on this machine.
PASSWORD = "olive-harbour-42"  # noqa: S105  (invented)
# Of the staff's authenticator app: as public as the password. Base32, as an app takes it.
APP_KEY = "OLIVEHARBOUROLIVEHARBOUROLIVEHAR"
CODE_COMMAND = "PORTAL_MODE=demo .venv/bin/python manage.py demo_code"
STAFF = {
    "agent@example.com": "agent",
    "finance@example.com": "finance",
    "editor@example.com": "editor",
    "administrator@example.com": "administrator",
    "dealer@example.com": "dealer",
    "manager@example.com": "dealer_manager",
}


def let_in() -> None:
    """Gives every sample account the demo's password, and makes the staff with their second step."""
    for email, role in STAFF.items():
        _make_staff(email, role)
    # Hashed once: the accounts are many, and the hash is slow on purpose.
    get_user_model().objects.update(password=make_password(PASSWORD))


def sign_in_lines() -> list[str]:
    """One line for each person who can sign in, printed when the demo is ready."""
    accounts: Any = get_user_model().objects
    customers = accounts.filter(is_staff=False, email__endswith="@example.com").order_by("email")
    return [
        f"everybody with the password  {PASSWORD}",
        *[f"customer  {account.email:26} {account.get_full_name()}" for account in customers],
        *[f"staff     {email:26} {role}, at /admin/" for email, role in STAFF.items()],
        f"staff also need a code of the authenticator app with the key  {APP_KEY}",
        f"or of  {CODE_COMMAND}",
    ]


def _make_staff(email: str, role: str) -> None:
    accounts: Any = get_user_model().objects
    if accounts.filter(email=email).exists():
        return
    account = accounts.create_user(email=email, first_name=role.replace("_", " ").title(), is_staff=True)
    account.is_superuser = role == "administrator"
    account.save(update_fields=["is_superuser"])
    account.groups.set(Group.objects.filter(name=role))
    EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    TOTP.activate(account, APP_KEY)
