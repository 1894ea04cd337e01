"""Trips of the demo's cars for which driving analytics ran, as their backend would have reported them (T1)."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actions.consents import change_consent
from accounts.consents import has_consent, wordings_in_force
from accounts.rules.consents import Purpose
from garage.actions.take_trips import take_trips
from garage.models import Membership
from garage.rules.trips import SERVICE, Privacy, Report, Span
from garage.service_times import times_of

A_DAY = timedelta(days=1)
# Driving analytics is standard, so it ran for nearly all of them; half a year is enough to look at.
HISTORY = timedelta(days=160)
# A drive to work and back; at the weekend one, later.
WORKDAY, WEEKEND = (7, 17), (11,)
# Every so many days: a bad one, one partly in Privacy Mode, one that ends in it.
BAD, PARTLY, PRIVATE = 11, 13, 29


class Command(BaseCommand):
    help = "Lets the demo's customers with driving analytics agree to it, and their cars report trips since."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Sample trips belong to a demo.")
        now = timezone.now()
        links = Membership.objects.current().filter(is_active=True).select_related("account__market", "vehicle")
        pairs = {(link.account_id, link.vehicle_id): link for link in links.order_by("pk")}
        for pair, spans in times_of(SERVICE, list(pairs), now=now).items():
            if spans:
                _agree(pairs[pair], now=max(spans[0].start, now - HISTORY))
                take_trips(reports=list(_reports(pairs[pair], spans, now=now)), now=now)


def _agree(link: Membership, *, now: datetime) -> None:
    account = link.account
    if has_consent(account, Purpose.DRIVING):
        return
    change_consent(
        account=account,
        wording=wordings_in_force(account.market, now=now)[Purpose.DRIVING],
        is_given=True,
        channel="portal",
        language=account.language,
        now=now,
        by=account,
    )


def _reports(link: Membership, spans: list[Span], *, now: datetime) -> Iterator[Report]:
    """The same ones for the same car and days."""
    for span in spans:
        day, over = max(span.start, now - HISTORY) + A_DAY, (span.end or now) - A_DAY
        while day < over:
            chance = random.Random(f"{link.vehicle.vin} {day:%Y-%m-%d}")  # noqa: S311  (samples)
            for hour in WEEKEND if day.weekday() > 4 else WORKDAY:
                yield _report(link.vehicle.vin, day.replace(hour=hour, minute=chance.randrange(60)), chance)
            day += A_DAY


def _report(vin: str, at: datetime, chance: random.Random) -> Report:
    minutes, number = chance.randrange(8, 50), at.toordinal()
    level = 76 + chance.randrange(1400) / 100 - (16 if number % BAD == 0 else 0)
    is_in_town = minutes < 20
    return Report(
        id=UUID(int=chance.getrandbits(128)),
        vin=vin,
        started_at=at,
        ended_at=at + timedelta(minutes=minutes),
        distance_m=minutes * (450 if is_in_town else 900) + chance.randrange(900),
        duration_s=minutes * 60,
        acceleration=_score(level + 3),
        braking=_score(level - 5),
        constant_speed=None if is_in_town else _score(level + 6),
        score=None,
        privacy_mode=Privacy.AT_END if number % PRIVATE == 0 else Privacy.PART if number % PARTLY == 0 else Privacy.OFF,
    )


def _score(points: float) -> Decimal:
    return min(Decimal(f"{points:.2f}"), Decimal(100))
