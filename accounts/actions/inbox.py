"""Reading, and having read."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Notice


def mark(notices: QuerySet[Notice], *, is_read: bool, now: datetime) -> int:
    """Marks them as read, or as unread; how many were not so. What was read keeps the moment of its first reading."""
    if is_read:
        return notices.filter(read_at__isnull=True).update(read_at=now)
    return notices.filter(read_at__isnull=False).update(read_at=None)
