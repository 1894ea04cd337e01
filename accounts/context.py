"""What the frame of every page shows of the account."""

from accounts.models import Account, Notice


def unread_notices(account: Account) -> int:
    """How many notices in the inbox are unread. One query."""
    return Notice.objects.filter(account=account, read_at__isnull=True).count()
