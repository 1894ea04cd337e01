from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from garage import map_cover
from garage.actions.map_reports import take_map_reports
from garage.actions.map_updates import ask_for_map_update
from garage.maps import car_map, releases_for
from garage.models import MapUpdate, Membership
from garage.rules.map_reports import MapReport, UpdateReport, VersionReport
from garage.rules.maps import State

# One of so many cars has the newest version, the others the one before.
UP_TO_DATE = 4
DAYS_AGO = timedelta(days=3)


class Command(BaseCommand):
    help = "Lets the demo's cars tell the version of their maps; one update is due, and one is on its way."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Sample maps belong to a demo.")
        now = timezone.now()
        links = Membership.objects.current().filter(is_active=True).select_related("account__market", "vehicle")
        found = [(link, version_of(link, number, now)) for number, link in enumerate(links.order_by("pk"))]
        reports = [
            VersionReport(vin=link.vehicle.vin, version=version, at=now - DAYS_AGO)
            for link, version in found
            if version
        ]
        take(list(reports), now=now)
        if not MapUpdate.objects.exists():
            send_one([link for link, _version in found], now=now)


def version_of(link: Membership, number: int, now: datetime) -> str:
    today = link.account.market.local_date(now)
    out = [release.version for release in releases_for(link.vehicle) if release.released_on <= today]
    return "" if not out else out[-1] if number % UP_TO_DATE == 2 else out[-2:][0]


def send_one(links: list[Membership], *, now: datetime) -> None:
    """Of the second of those that may ask, so that the first shows one that is due."""
    able = [link for link in links if may_ask(link, now)]
    for link in able[1:2] or able:
        release = car_map(link.vehicle, today=link.account.market.local_date(now)).newest
        if release:
            update = ask_for_map_update(membership=link, release=release, now=now, by=link.account)
            take([sent(update.public_id, now)], now=now)


def may_ask(link: Membership, now: datetime) -> bool:
    found = car_map(link.vehicle, today=link.account.market.local_date(now))
    by_air = found.newest is not None and found.newest.is_over_the_air
    return by_air and found.is_due and map_cover.is_covered(link, now=now)


def sent(update: UUID, now: datetime) -> UpdateReport:
    return UpdateReport(update=update, state=State.SENT, at=now)


def take(reports: list[MapReport], *, now: datetime) -> None:
    take_map_reports(reports=dict(enumerate(reports)), now=now)
