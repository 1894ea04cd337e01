"""Accounts whose connected services pause until the Terms are accepted (A2)."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Account, TermsAcceptance
from accounts.rules import terms
from portal.querying.written import Given


def counted_accounts() -> QuerySet[Account]:
    """Those of older head units that have not accepted any version; their services pause after `terms_due_on`."""
    accepted = TermsAcceptance.objects.filter(account=OuterRef("pk"))
    return Account.objects.filter(~Exists(accepted), terms_due_on__isnull=False)


def paused_accounts(today: date | Given) -> QuerySet[Account]:
    """Those of them whose days are over on this day of the market."""
    return counted_accounts().filter(terms_due_on__lt=today)


def is_paused(account: Account, *, today: date) -> bool:
    """The same of one account. A query only where days were ever counted."""
    if account.terms_due_on is None:
        return False
    return terms.is_paused(last_day=account.terms_due_on, has_ever_accepted=has_ever_accepted(account), today=today)


def has_ever_accepted(account: Account) -> bool:
    return TermsAcceptance.objects.filter(account=account).exists()
