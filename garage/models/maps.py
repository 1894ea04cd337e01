"""Maps of head units: what the brand releases, what a car has, and updates that were asked for (C6)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from garage.models.vehicle import Vehicle
from garage.rules import maps as rules
from garage.rules.maps import LONGEST_VERSION, OPEN, Edition, Season, State
from portal.models import Market
from portal.texts import LocalizedTextField, localized

SEASON_NAMES = {Season.SPRING: _("spring"), Season.AUTUMN: _("autumn")}
_SENT_AT = Coalesce(F("sent_at"), F("requested_at"))


class MapRelease(models.Model):
    """An edition of the maps for a generation of head units in a market: data (`load_maps`)."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    generation = models.CharField(max_length=12)
    version = models.CharField(max_length=LONGEST_VERSION)
    year = models.PositiveSmallIntegerField()
    season = models.CharField(max_length=6, choices=SEASON_NAMES.items())
    released_on = models.DateField()
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    download_url = models.CharField(max_length=200)
    # Older head units take it from a USB stick only.
    is_over_the_air = models.BooleanField(default=True)
    names = LocalizedTextField()
    # How a downloaded one is brought into the car: a step a line.
    steps = LocalizedTextField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "generation", "version"], name="map_release_version_once"),
            models.UniqueConstraint(
                fields=["market", "generation", "year", "season"], name="map_release_two_editions_a_year"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="map_release_has_a_checksum"),
            models.CheckConstraint(condition=Q(download_url__startswith="https://"), name="map_release_by_https"),
            models.CheckConstraint(
                condition=Q(version__regex=f"^{rules.VERSION}$"), name="map_release_version_well_formed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.generation} {self.version}"

    @property
    def name(self) -> str:
        return localized(self.names)

    @property
    def edition(self) -> Edition:
        return Edition(self.year, Season(self.season))

    @property
    def steps_in_order(self) -> list[str]:
        return [line.strip() for line in localized(self.steps).splitlines() if line.strip()]


class VehicleMap(models.Model):
    """The version in a car, as it told last. It stays with the car (D4)."""

    vehicle = models.OneToOneField(Vehicle, on_delete=models.PROTECT, related_name="map")
    version = models.CharField(max_length=LONGEST_VERSION)
    reported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.version}"


class MapUpdateQuerySet(models.QuerySet["MapUpdate"]):
    def open(self) -> "MapUpdateQuerySet":
        return self.filter(state__in=sorted(OPEN))


class MapUpdate(models.Model):
    """An update over the air that an account asked for. The row stays, and says what became of it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="map_updates")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="map_updates")
    release = models.ForeignKey(MapRelease, on_delete=models.PROTECT, related_name="updates")
    state = models.CharField(max_length=10, choices=[(state, state) for state in State], default=State.REQUESTED)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # Installed, failed or called off.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MapUpdateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], condition=Q(state__in=sorted(OPEN)), name="map_update_one_open_for_a_car"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OPEN), ended_at__isnull=True)
                | (~Q(state__in=sorted(OPEN)) & Q(ended_at__isnull=False)),
                name="map_update_ended_when_no_more_open",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REQUESTED, sent_at__isnull=True)
                | Q(state=State.SENT, sent_at__isnull=False)
                | ~Q(state__in=sorted(OPEN)),
                name="map_update_sent_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(sent_at__gte=F("requested_at")),
                name="map_update_sent_after_it_was_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=_SENT_AT), name="map_update_ends_last"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "vehicle", "-requested_at"], name="map_update_of_car"),
            models.Index(fields=["id"], condition=Q(state=State.REQUESTED), name="map_update_to_send"),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.release_id} {self.state}"

    @property
    def is_sent(self) -> bool:
        return self.state == State.SENT

    @property
    def is_installed(self) -> bool:
        return self.state == State.INSTALLED

    @property
    def is_failed(self) -> bool:
        return self.state == State.FAILED

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def may_be_called_off(self) -> bool:
        return rules.may_call_off(State(self.state))
