"""Orders with which a customer named the dealer who had helped (S2), as that dealer sees them."""

from typing import ClassVar

from django.db import models

from subscriptions.models.subscription import Subscription


class ReferralManager(models.Manager["Referral"]):
    def get_queryset(self) -> models.QuerySet["Referral"]:
        """An order that came to nothing is none."""
        return super().get_queryset().filter(referred_dealer__isnull=False, contract__isnull=False)


class Referral(Subscription):
    """Read only: a subscription as the dealer is shown it."""

    objects: ClassVar[ReferralManager] = ReferralManager()  # type: ignore[assignment]

    class Meta:
        proxy = True

    def __str__(self) -> str:
        return f"{self.package.code} {self.referred_dealer_id}"
