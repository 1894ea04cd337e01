"""Apps and head units that are signed in to an account (A5)."""

import uuid

from allauth.idp.oidc.models import Client, Token
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models.account import Account


class SignInQuerySet(models.QuerySet["SignIn"]):
    def live(self) -> "SignInQuerySet":
        """Those that still have a token which is good: it can be used, or exchanged for a new one."""
        good = SignInToken.objects.filter(sign_in=OuterRef("pk"), token__in=Token.objects.valid())
        return self.filter(Exists(good), ended_at__isnull=True)


class SignIn(models.Model):
    """One app on one telephone, or one head unit: from the owner's yes until the last token is gone."""

    REVOKED, SIGNED_OUT, REUSED = "revoked", "signed_out", "reused"
    PASSWORD, CLOSED, EXPIRED = "password", "closed", "expired"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="sign_ins")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    # What the head unit calls itself; nobody has checked it.
    label = models.CharField(max_length=60, blank=True)
    scopes = ArrayField(models.CharField(max_length=40))
    begun_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(
        max_length=10,
        blank=True,
        choices=[(why, why) for why in (REVOKED, SIGNED_OUT, REUSED, PASSWORD, CLOSED, EXPIRED)],
    )

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = "sign-in"
        verbose_name_plural = "sign-ins"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="sign_in_ended_for_a_reason",
            )
        ]
        indexes = [
            models.Index(fields=["account", "-begun_at"], name="sign_in_live", condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.label}".strip()


class SignInToken(models.Model):
    """Which sign-in a token of the provider belongs to; it goes with the token."""

    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="tokens")
    token = models.OneToOneField(Token, on_delete=models.CASCADE, related_name="sign_in_token")

    def __str__(self) -> str:
        return f"{self.sign_in_id} {self.token_id}"


class SpentToken(models.Model):
    """A refresh token that was exchanged: whoever shows it again has it from somebody else, or had it stolen."""

    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="spent_tokens")
    hash = models.CharField(max_length=255, unique=True)
    spent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["spent_at"], name="spent_token_age")]

    def __str__(self) -> str:
        return f"{self.sign_in_id} {self.spent_at:%Y-%m-%d}"
