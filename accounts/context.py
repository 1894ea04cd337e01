"""What the frame of every page shows of the account."""

from django.http import HttpRequest

from accounts.models import Account, Notice


def unread_notices(account: Account) -> int:
    """How many notices in the inbox are unread. One query."""
    return Notice.objects.filter(account=account, read_at__isnull=True).count()


def unread_notices_of(request: HttpRequest) -> int:
    return unread_notices(request.user) if request.user.is_authenticated else 0


def account_label(request: HttpRequest) -> str:
    """The name in the top bar; empty for a visitor, which the frame takes for "not signed in"."""
    return request.user.get_full_name() if request.user.is_authenticated else ""
