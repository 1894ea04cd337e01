"""The catalogue as dated data: what a market's file said, and from which day on it holds."""

from datetime import date

import pgtrigger
from django.db import models

from portal.models import Market
from portal.querying.written import Given


class CatalogueVersionQuerySet(models.QuerySet["CatalogueVersion"]):
    def begun(self, market: Market | Given, day: date | Given) -> "CatalogueVersionQuerySet":
        """The first holds on that day: the latest that has begun; of several for one day the last one loaded."""
        return self.filter(market=market, effective_on__lte=day).order_by("-effective_on", "-pk")

    def of_day(self, market: Market, day: date) -> "CatalogueVersion | None":
        return self.begun(market, day).first()

    def to_come(self, market: Market, day: date) -> "CatalogueVersionQuerySet":
        """Those that begin after a day, in their order; one that another of the same day replaced is left out."""
        ahead = self.filter(market=market, effective_on__gt=day)
        return ahead.order_by("effective_on", "-pk").distinct("effective_on")


class CatalogueVersion(models.Model):
    """A catalogue file, whole and as it was loaded. What was agreed under an earlier one stays (S10)."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="catalogue_versions")
    # The first day on which it holds, in the market's zone.
    effective_on = models.DateField()
    content = models.TextField()
    # SHA-256 of the content, so that the same file is known again.
    content_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    # When packages and plans were brought to what it says. Never, if a later one was in force before that was done.
    in_force_at = models.DateTimeField(null=True, blank=True)

    objects = CatalogueVersionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["market", "effective_on"], name="catalogue_version_of_a_day")]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["in_force_at"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market_id} {self.effective_on}"
