"""Owner manuals (G8): what each is for, and its editions as they were uploaded, of which the newest is offered."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from garage.rules.manuals import Scope
from portal.models import Market


class Manual(models.Model):
    """For cars of these models, years and generation of head units, in one language."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    # In its own language.
    title = models.CharField(max_length=120)
    language = models.CharField(max_length=8)
    for_models = ArrayField(models.CharField(max_length=60))
    # Of the car's first registration, or what stands in for it; without a last year still going on.
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)
    # Of head units; empty where it is the same for all.
    generation = models.CharField(max_length=12, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(for_models__len__gt=0), name="manual_is_for_a_model"),
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")), name="manual_years_in_order"
            ),
            models.UniqueConstraint(
                fields=["market", "language", "title", "for_models", "first_year", "generation"], name="manual_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @property
    def scope(self) -> Scope:
        return Scope(
            models=frozenset(self.for_models),
            first_year=self.first_year,
            last_year=self.last_year,
            generation=self.generation,
        )


class ManualEdition(models.Model):
    """A file as it was uploaded. What is replaced stays: whoever is in the middle of its download comes to its end."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    content = models.FileField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    pages = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manual", "number"], name="manual_edition_once"),
            models.CheckConstraint(condition=Q(size__gt=0, pages__gt=0), name="manual_edition_is_not_empty"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="manual_edition_has_a_checksum"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.manual_id} {self.number}"
