"""An account that does not come in by the sign-up page: a car's head unit, sample customers, stories."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts.actions.activation import ask_for_activation_mail
from accounts.models import Account
from accounts.rules.terms import has_days_to_accept, last_day_to_accept
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


@transaction.atomic
def create_from_head_unit(
    *, email: str, password: str | None, generation: str, market: Market, now: datetime, language: str = "en"
) -> Account | None:
    """A2: creates an account as a head unit of that multimedia generation does; None for an address that is known.

    What the car shows must be the same for both (A1): the same work is done, and one mail goes out, with the
    activation link or with the news that there is an account. Of a generation before MM21 the account has the market's
    days to accept the Terms; a later one asked for them before, and the account is asked like any other.
    """
    email = email.lower()
    account = None
    if Account.objects.filter(email=email).exists():
        make_password(password)
    else:
        account = _create_once(email, password, generation=generation, market=market, language=language, now=now)
    if account is None and EmailAddress.objects.filter(email=email, verified=True).exists():
        get_adapter().send_account_already_exists_mail(email)
    else:
        ask_for_activation_mail(email=email, now=now)
    return account


def _create_once(email: str, password: str | None, **facts: Any) -> Account | None:
    """None if somebody was quicker: the button pressed twice is no fault."""
    try:
        with transaction.atomic():
            return _create(email, password, **facts)
    except IntegrityError:
        return None


def _create(
    email: str, password: str | None, *, generation: str, market: Market, language: str, now: datetime
) -> Account:
    last_day = last_day_to_accept(created_on=market.local_date(now), days=market.terms_days)
    account = Account.objects.create_user(
        email,
        password,
        market=market,
        language=language if language in market.languages else market.languages[0],
        created_at=now,
        created_channel=Account.HEAD_UNIT,
        terms_due_on=last_day if has_days_to_accept(generation) else None,
    )
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=False)
    record("registered", account=account, by=account, now=now, channel=Account.HEAD_UNIT, generation=generation)
    return account
