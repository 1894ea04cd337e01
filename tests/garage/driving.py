"""Trips to test with: an account that agrees to driving analytics, a car whose service runs, and reports of it."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from accounts.actions.consents import change_consent
from accounts.models import Account, ConsentWording
from accounts.rules.consents import Purpose
from garage.actions.take_trips import Taken, take_trips
from garage.models import Membership
from garage.rules.trips import SERVICE, read
from portal.models import Market
from subscriptions.models import Package, Service
from tests import make

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def driving_package(market: Market, **facts: Any) -> Package:
    """Driving analytics as a standard service: it runs from the accepted Terms on."""
    made = make.package("driving", market=market, **{"is_standard": True} | facts)
    made.services.set([Service.objects.create(code=SERVICE, names={"en": "Driving analytics"})])
    return made


def agree(account: Account, *, now: datetime, is_given: bool = True) -> None:
    wording = ConsentWording.objects.filter(market=account.market, purpose=Purpose.DRIVING).first()
    change_consent(
        account=account,
        wording=wording or make.consent_wordings(account.market)[Purpose.DRIVING],
        is_given=is_given,
        channel="portal",
        language="en",
        now=now,
        by=account,
    )


def said(car: Membership, at: datetime, **facts: Any) -> dict[str, Any]:
    """A drive of ten minutes and six kilometres, as the backend says it."""
    minutes = facts.pop("minutes", 10)
    trip = {
        "id": str(uuid4()),
        "vin": car.vehicle.vin,
        "started_at": at.isoformat(),
        "ended_at": (at + minutes * MINUTE).isoformat(),
        "distance_m": 6000,
        "duration_s": minutes * 60,
        "acceleration": 80,
        "braking": 70,
        "constant_speed": 90,
        "privacy_mode": "off",
    }
    return trip | facts


def drive(car: Membership, at: datetime, *, now: datetime | None = None, **facts: Any) -> Taken:
    """One trip that came in right after it ended."""
    return bring(said(car, at, **facts), now=now or at + DAY)


def bring(*trips: dict[str, Any], now: datetime) -> Taken:
    return take_trips(reports=[read(trip, now=now) for trip in trips], now=now)


def season(car: Membership, *, now: datetime, days: int) -> None:
    """Two drives a day until now, one at the weekend, some of them late, in town, or partly in Privacy Mode."""
    chance = random.Random(car.vehicle.vin)
    trips = []
    for ago in range(days, 0, -1):
        for hour in (7, 17) if ago % 7 < 5 else (11,):
            level = 78 + 12 * chance.random() - (15 if ago % 11 == 0 else 0)
            facts = {
                "distance_m": chance.randrange(1500, 30_000),
                "acceleration": round(level + 3, 2),
                "braking": round(level - 4, 2),
                "constant_speed": None if chance.random() < 0.3 else round(min(level + 6, 100), 2),
                "privacy_mode": "part" if ago % 13 == 0 else "off",
            }
            at = (now - ago * DAY).replace(hour=hour, minute=0)
            trips.append(said(car, at, minutes=chance.randrange(8, 50), **facts))
    bring(*trips, now=now)
