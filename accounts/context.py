"""What the frame of every page shows of the account."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from accounts.entrance import shown_at_entrance
from accounts.models import Account, Notice
from accounts.pausing import has_ever_accepted
from accounts.rules.terms import days_left


def unread_notices(account: Account) -> int:
    """How many notices in the inbox are unread. One query."""
    return Notice.objects.filter(account=account, read_at__isnull=True).count()


def unread_notices_of(request: HttpRequest) -> int:
    account = request.user
    if not account.is_authenticated:
        return 0
    known = shown_at_entrance(request, account)
    return known.unread_notices if known else unread_notices(account)


def account_label(request: HttpRequest) -> str:
    """The name in the top bar; empty for a visitor, which the frame takes for "not signed in"."""
    return request.user.get_full_name() if request.user.is_authenticated else ""


@dataclass(frozen=True, kw_only=True)
class TermsBanner:
    """A2: how long an older head unit's account still has to accept the Terms; `days` are those after today."""

    last_day: date
    days: int
    is_paused: bool


def terms_banner(request: HttpRequest) -> TermsBanner | None:
    """What stands above every page until such an account accepts."""
    account = request.user
    if not account.is_authenticated or account.terms_due_on is None or _has_ever_accepted(request, account):
        return None
    today, last_day = account.market.local_date(timezone.now()), account.terms_due_on
    return TermsBanner(last_day=last_day, days=days_left(last_day=last_day, today=today), is_paused=today > last_day)


def _has_ever_accepted(request: HttpRequest, account: Account) -> bool:
    known = shown_at_entrance(request, account)
    return known.has_ever_accepted if known else has_ever_accepted(account)
