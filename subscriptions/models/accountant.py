"""An accountant who may read an account's documents, and nothing else of it (I5)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from garage.models import Vehicle


class AccountantAccess(models.Model):
    """From invitation to end. The row stays, and says who could read whose documents from when to when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="accountants")
    # To whom the invitation went: only the account with this confirmed address can accept it.
    email = models.EmailField()
    accountant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="accesses_to_others"
    )
    is_of_all_cars = models.BooleanField()
    vehicles = models.ManyToManyField(Vehicle, blank=True, related_name="+")
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "accountant accesses"
        constraints = [
            models.UniqueConstraint(
                "owner", Lower("email"), condition=Q(ended_at__isnull=True), name="accountant_once_while_it_lasts"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accountant__isnull=True)
                | Q(accepted_at__isnull=False, accountant__isnull=False),
                name="accountant_accepted_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(owner=F("accountant")), name="accountant_is_somebody_else"),
            models.CheckConstraint(
                condition=Q(last_used_at__isnull=True) | Q(accepted_at__isnull=False),
                name="accountant_used_after_accepting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.email}"
