"""What is wrong with the services themselves, or will be worked on: written by staff, shown to customers (C1)."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.models import Market
from portal.querying.written import Given
from portal.texts import LocalizedTextField, localized
from subscriptions.models.catalogue import Package, Service


class IncidentKind(models.TextChoices):
    INCIDENT = "incident", _("incident")
    MAINTENANCE = "maintenance", _("maintenance")


class ServiceIncidentQuerySet(models.QuerySet["ServiceIncident"]):
    def in_market(self, market: Market | Given) -> Self:
        """Those of this market, and those that name none: they are of all."""
        return self.filter(Q(markets=market) | Q(markets__isnull=True)).distinct()

    def not_over(self, now: datetime) -> Self:
        """Going on, and announced."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))


class ServiceIncident(models.Model):
    """From `began_at` to `ends_at`, which is open as long as nobody knows it. It stays when it is over."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=IncidentKind.choices)
    # Whichever package has one of the services is concerned, too. Neither named: all of them.
    packages = models.ManyToManyField(Package, blank=True, related_name="incidents")
    services = models.ManyToManyField(Service, blank=True, related_name="incidents")
    # None named: all of them.
    markets = models.ManyToManyField(Market, blank=True, related_name="+")
    titles = LocalizedTextField()
    texts = LocalizedTextField()
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = ServiceIncidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("began_at")),
                name="service_incident_ends_after_it_began",
                violation_error_message=_("It cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=IncidentKind.values), name="service_incident_is_of_a_known_kind"
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], name="service_incident_ends")]

    def __str__(self) -> str:
        return f"{self.kind} {self.began_at}"

    @property
    def title(self) -> str:
        return localized(self.titles)

    @property
    def text(self) -> str:
        return localized(self.texts)

    @property
    def is_maintenance(self) -> bool:
        return self.kind == IncidentKind.MAINTENANCE

    def has_begun(self, now: datetime) -> bool:
        return self.began_at <= now

    def concerns(self, package: Package) -> bool:
        """Of an incident and a package whose services were prefetched, without a query."""
        packages = {each.pk for each in self.packages.all()}
        services = {each.pk for each in self.services.all()}
        if not packages and not services:
            return True
        return package.pk in packages or not services.isdisjoint(each.pk for each in package.services.all())
