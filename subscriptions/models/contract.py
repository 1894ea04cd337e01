"""The contract behind a subscription, and the rights that it uses up."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models

from accounts.models import TermsVersion
from subscriptions.models.catalogue import Package
from subscriptions.models.subscription import Subscription


class Contract(models.Model):
    """What was agreed on ordering, kept for ever (S10)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscription = models.OneToOneField(Subscription, on_delete=models.PROTECT, related_name="contract")
    number = models.CharField(max_length=20, unique=True)
    ordered_at = models.DateTimeField()
    # None for one that was agreed in the system before this one (`TakenOver`): its Terms are not here.
    terms_version = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, null=True, blank=True)
    language = models.CharField(max_length=5)
    # Package, plan, price, VAT, dates: amounts and dates as strings.
    agreed = models.JSONField()
    # The very words next to the button that obliges to pay.
    order_text = models.TextField(blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number


class TrialUse(models.Model):
    """The free month is given once per package and account, for ever (S3)."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trials_used")
    package = models.ForeignKey(Package, on_delete=models.PROTECT)
    # None where it was used in the system before this one, by a contract that is not here (`Origin`).
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, null=True, blank=True)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "package"], name="trial_once_per_package")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.package_id}"


class WithdrawalUse(models.Model):
    """The right to withdraw with a refund is given once per account (X5)."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="withdrawal_use")
    # None where it was used in the system before this one.
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, null=True, blank=True)
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account_id)
