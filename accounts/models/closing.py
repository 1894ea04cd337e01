"""An account that was closed (A6): when, and where its last mails go until nothing of it is open."""

from django.db import models
from django.db.models import Q

from accounts.models.account import Account


class Closing(models.Model):
    """Once per account, for ever. `mail_to` is blank from `completed_at` on: nothing tells any more who it was."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="closing")
    closed_at = models.DateTimeField()
    mail_to = models.EmailField(blank=True)
    # No payment and no refund is open: what they still needed of the customer is blanked as well.
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(mail_to=""), name="closing_completed_names_nobody"
            )
        ]
        indexes = [models.Index(fields=["mail_to"], name="closing_address")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.closed_at:%Y-%m-%d}"
