"""The brand's dealers, and the towns from which their distance is told (A4). A file brings them: `load_dealers`."""

import uuid
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.models import Market
from portal.texts import LocalizedTextField, localized

_LATITUDE = Q(latitude__gte=Decimal(-90), latitude__lte=Decimal(90))
_LONGITUDE = Q(longitude__gte=Decimal(-180), longitude__lte=Decimal(180))


class Place(models.Model):
    """Somewhere on the map of a market; `code` is what the file calls it."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField()
    latitude = models.DecimalField(max_digits=8, decimal_places=5)
    longitude = models.DecimalField(max_digits=8, decimal_places=5)
    # What a search is compared with: each name it has, plain (`accounts.rules.searching`).
    search_text = models.TextField()

    class Meta:
        abstract = True

    @property
    def point(self) -> tuple[float, float]:
        return float(self.latitude), float(self.longitude)


class Town(Place):
    """A town's centre, with the beginnings of the postcodes around it."""

    names = LocalizedTextField()
    postcodes = ArrayField(models.CharField(max_length=12), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "code"], name="town_code_once_per_market"),
            models.CheckConstraint(condition=_LATITUDE & _LONGITUDE, name="town_is_on_the_globe"),
        ]

    def __str__(self) -> str:
        return f"{self.market_id} {self.code}"

    @property
    def name(self) -> str:
        return localized(self.names)


class Dealer(Place):
    """A dealer; one that the file no longer names stays as inactive, because somebody may prefer it."""

    SERVICES = ("sales", "service", "body_shop", "parts", "electric")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    addresses = LocalizedTextField()
    postcode = models.CharField(max_length=12)
    town = models.ForeignKey(Town, on_delete=models.PROTECT, related_name="dealers")
    telephone = models.CharField(max_length=30)
    email = models.EmailField()
    website = models.CharField(max_length=200, blank=True)
    # `openings` and `holidays`, as a market's contact data have them (`accounts.rules.hours`).
    hours = models.JSONField(default=dict)
    services = ArrayField(models.CharField(max_length=20), default=list)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "code"], name="dealer_code_once_per_market"),
            models.CheckConstraint(condition=_LATITUDE & _LONGITUDE, name="dealer_is_on_the_globe"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return localized(self.addresses)

    @property
    def zone(self) -> ZoneInfo:
        return self.market.zone
