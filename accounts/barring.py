"""After an address was changed by telephone: money, control and export wait, so that a thief finds a shut door (K7)."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.rules.caller import is_barred
from portal.refusals import Refusal

BARRED = _("The address of your account has just been changed. For 72 hours this is closed, to protect you.")


def check_not_barred(account: Account, *, now: datetime, by: Account | None) -> None:
    """For what the customer does; jobs and staff go by rules of their own. Raises `Refusal` barred. No query."""
    if by is not None and by.pk == account.pk and is_barred(by.barred_until or account.barred_until, now=now):
        raise Refusal("barred", BARRED)


def barred_until_of(request: HttpRequest) -> datetime | None:
    """What stands above every page meanwhile."""
    account = request.user
    if not account.is_authenticated or not is_barred(account.barred_until, now=timezone.now()):
        return None
    return account.barred_until
