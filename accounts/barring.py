"""After an address was changed by telephone: money, control and export wait, so that a thief finds a shut door (K7).

Barred: ordering, a change of term, cards; giving, taking and asking for control, removing a car, its sale, drivers and
grants; closing the account; exports, downloads, copies and accountants. Never barred is what protects the customer:
cancelling, withdrawing, objecting, ending somebody's access, paying what is due, answering a new price.
"""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.rules.caller import is_barred
from portal.refusals import Refusal

BARRED = _(
    "The address of your account was changed by telephone. Orders, cards, control and downloads wait for 72 hours, to "
    "protect you."
)


def check_not_barred(by: Account | None, *, now: datetime) -> None:
    """Of what a customer does; jobs and staff go by rules of their own. Raises `Refusal` barred. No query."""
    if by is not None and is_barred(by.barred_until, now=now):
        raise Refusal("barred", BARRED)


def barred_until_of(request: HttpRequest) -> datetime | None:
    """What stands above every page meanwhile."""
    account = request.user
    if not account.is_authenticated or not is_barred(account.barred_until, now=timezone.now()):
        return None
    return account.barred_until
