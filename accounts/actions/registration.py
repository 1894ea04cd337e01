"""An account that does not come in by the sign-up page: sample customers, stories, the customer centre."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Account
from portal.audit import record
from portal.models import Market


@transaction.atomic
def open_account(
    *,
    email: str,
    password: str | None,
    market: Market,
    now: datetime,
    by: Account | None,
    language: str = "en",
    first_name: str = "",
    last_name: str = "",
    is_staff: bool = False,
) -> Account:
    """Opens an account whose e-mail address counts as confirmed (A1).

    Without a password nobody can sign in until one is chosen by the reset link. IntegrityError if the address has an
    account already.
    """
    account = Account.objects.create_user(
        email,
        password,
        market=market,
        language=language,
        first_name=first_name,
        last_name=last_name,
        is_staff=is_staff,
        created_at=now,
    )
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)
    record("registered", account=account, by=by, now=now, channel="system")
    return account
