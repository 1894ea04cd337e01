"""What the multimedia page says of a car's maps (C6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from garage.maps import CarMap, car_map, updates_of
from garage.models import MapUpdate, Membership
from garage.rules.maps import State
from garage.words.maps import STATES, edition_name, size_in_words
from portal.templatetags.frame import day_in_words
from subscriptions.centre.map_packages import is_included, map_offers
from subscriptions.centre.packages import Offer

SHOWN_UPDATES = 5


@dataclass(frozen=True, kw_only=True)
class ShownUpdate:
    update: MapUpdate

    @property
    def tone(self) -> str:
        return STATES[State(self.update.state)][0]

    @property
    def state(self) -> str:
        return str(STATES[State(self.update.state)][1])

    @property
    def steps(self) -> list[dict[str, object]]:
        """Of one that is open: asked for, sent, installed."""
        is_sent = self.update.is_sent
        return [
            {"label": _("Requested"), "is_done": True},
            {"label": _("Sent to the car"), "is_done": is_sent, "is_current": not is_sent},
            {"label": _("Installed"), "is_current": is_sent},
        ]


@dataclass(frozen=True, kw_only=True)
class MapPage:
    car: CarMap
    is_covered: bool
    # Packages that would include new maps, where none that runs does.
    offers: Sequence[Offer]
    open: ShownUpdate | None
    past: Sequence[ShownUpdate]
    # Empty where the car told its version in another account's time (D4).
    told_on: str

    @property
    def edition(self) -> str:
        return edition_name(self.car.known_as.edition) if self.car.known_as else ""

    @property
    def newest_edition(self) -> str:
        return edition_name(self.car.newest.edition) if self.car.newest else ""

    @property
    def expected(self) -> str:
        return edition_name(self.car.expected)

    @property
    def size(self) -> str:
        return size_in_words(self.car.newest.size_bytes) if self.car.newest else ""

    @property
    def may_ask(self) -> bool:
        by_air = self.car.newest is not None and self.car.newest.is_over_the_air
        return self.car.may_be_brought and self.is_covered and by_air and self.open is None

    @property
    def may_download(self) -> bool:
        return self.car.may_be_brought and self.is_covered

    @property
    def facts(self) -> list[dict[str, str]]:
        """Of the newest release."""
        release = self.car.newest
        if release is None:
            return []
        return [
            {"label": _("Version"), "value": f"{release.version}, {self.newest_edition}"},
            {"label": _("Region"), "value": release.name},
            {"label": _("Out since"), "value": day_in_words(release.released_on)},
            {"label": _("Size"), "value": self.size},
        ]


def map_page(membership: Membership, offers: Sequence[Offer], *, now: datetime) -> MapPage:
    """`offers` are all of the car's; what an account asked for is shown to that account alone (D4)."""
    bringing = map_offers(offers)
    is_covered = is_included(bringing)
    own = updates_of(membership.account, membership.vehicle)[: SHOWN_UPDATES + 1]
    updates = [ShownUpdate(update=update) for update in own]
    car = car_map(membership.vehicle, today=membership.account.market.local_date(now))
    return MapPage(
        car=car,
        is_covered=is_covered,
        offers=[] if is_covered else bringing,
        open=next((shown for shown in updates if shown.update.is_open), None),
        past=[shown for shown in updates if not shown.update.is_open][:SHOWN_UPDATES],
        told_on=_told_on(car, membership),
    )


def _told_on(car: CarMap, membership: Membership) -> str:
    at = car.installed.reported_at if car.installed else None
    return day_in_words(at) if at and car.reported_to == membership.account_id else ""
