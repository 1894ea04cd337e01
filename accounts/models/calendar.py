"""The private address under which a calendar program finds the account's dates."""

import uuid

from django.db import models

from accounts.models.account import Account


class CalendarFeed(models.Model):
    """One an account: renewing it gives it another address, ending it deletes the row."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="calendar_feed")
    # What the address is made of, with the site's secret: whoever reads this table reads no feed.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.account_id}"
