"""Lets the twenty live in a scratch database: orders, runs, answers of the cars and trips, all by their actions."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.core import serializers
from django.utils import translation

from accounts.actions.consents import change_consent
from accounts.consents import wordings_in_force
from accounts.models import Account, ConsentWording
from accounts.rules.consents import Purpose
from garage.actions.take_trips import take_trips
from garage.models import Membership
from garage.rules.trips import Privacy, Report
from portal import outbox
from portal.models import Market
from subscriptions.actions.provision import take_provisioning_reports
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.models import Provisioning
from subscriptions.population.households import email_of, register_cars, stories
from subscriptions.rehearsal.cast import RETURN_ORIGIN
from subscriptions.rehearsal.play import Clock, play
from subscriptions.rehearsal.scratch import read_market_data, scratch_database
from subscriptions.rules import provisioning_reports
from subscriptions.rules.provisioning import State

TRIPS = 20
# One in ten drives with driving analytics: of the twenty two, of whom the second has two cars.
DRIVERS = (0, 3)
ANSWERED_AFTER = timedelta(minutes=20)


@contextmanager
def scratch_of(market: Market) -> Iterator[Market]:
    """A database with the market's data and nobody in it, its keys as in the one that will be filled."""
    wordings = serializers.serialize("json", ConsentWording.objects.filter(market=market))
    fixtures = json.dumps(json.loads(read_market_data(market.code, with_catalogue=True)) + json.loads(wordings))
    with scratch_database(fixtures):
        yield Market.objects.select_related("brand", "legal_entity").get(pk=market.pk)


def live(market: Market, *, now: datetime, days: int) -> None:
    """From nobody to twenty customers as they stand at `now`; they came on so many days of a month."""
    today = market.local_date(now)
    register_cars(market, today=today)
    clock = Clock()
    provider = SandboxProvider(clock=clock, return_origins=[RETURN_ORIGIN])
    with translation.override(market.languages[0]), outbox.asleep():
        for _line in play(stories(market, today=today, days=days), gateway=InProcessGateway(provider), clock=clock):
            pass
        _answer_as_the_cars()
        for position in DRIVERS:
            _drive(Account.objects.get(email=email_of(position)), now=now)
    provider.close()


def _answer_as_the_cars() -> None:
    for asked in Provisioning.objects.asked():
        at = asked.asked_at + ANSWERED_AFTER
        done = provisioning_reports.Report(order=asked.public_id, state=State.DONE, at=at)
        take_provisioning_reports(reports={0: done}, now=at)


def _drive(account: Account, *, now: datetime) -> None:
    """The last days' trips, a day after it agreed to driving analytics."""
    agreed_at = now - timedelta(days=TRIPS + 2)
    change_consent(
        account=account,
        wording=wordings_in_force(account.market, now=now)[Purpose.DRIVING],
        is_given=True,
        channel="portal",
        language=account.language,
        now=agreed_at,
        by=account,
    )
    for link in Membership.objects.current().filter(account=account).select_related("vehicle"):
        reports = [_report(link.vehicle.vin, now - timedelta(days=ago), ago) for ago in range(TRIPS, 0, -1)]
        take_trips(reports=reports, now=now)


def _report(vin: str, at: datetime, number: int) -> Report:
    chance = random.Random(f"{vin} {number}")  # noqa: S311  (samples)
    minutes, level = chance.randrange(8, 50), 70 + chance.randrange(2000) / 100
    return Report(
        id=UUID(int=chance.getrandbits(128), version=4),
        vin=vin,
        started_at=at - timedelta(hours=3),
        ended_at=at - timedelta(hours=3) + timedelta(minutes=minutes),
        distance_m=minutes * 700 + chance.randrange(900),
        duration_s=minutes * 60,
        acceleration=Decimal(f"{level + 3:.2f}"),
        braking=Decimal(f"{level - 4:.2f}"),
        constant_speed=Decimal(f"{level + 6:.2f}"),
        score=None,
        privacy_mode=Privacy.OFF,
    )
