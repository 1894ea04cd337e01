"""A provider in a process of its own, and customers whose free month has just ended: the next run charges them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count as count_from
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from garage.models import Membership
from portal.models import Market
from subscriptions.gateway import _sandbox
from subscriptions.gateway.sandbox.client import SandboxGateway
from subscriptions.models import Subscription
from tests import make
from tests.faults.actors import Actor, Orders
from tests.faults.bank import IMPATIENT_SECONDS, SECRET, WEBHOOK_SECRET, Bank, open_bank
from tests.faults.books import database_settings


@pytest.fixture
def today() -> datetime:
    """The machine's own clock: processes that work together have no other."""
    return timezone.now()


@pytest.fixture
def bank(tmp_path: Path, settings) -> Iterator[Bank]:
    with open_bank(tmp_path) as bank:
        settings.SANDBOX_URL, settings.SANDBOX_SECRET = bank.url, SECRET
        settings.WEBHOOK_SECRETS = [WEBHOOK_SECRET]
        yield bank
        _sandbox(bank.url, SECRET).close()
        _sandbox.cache_clear()


@pytest.fixture
def portal(bank: Bank) -> Iterator[SandboxGateway]:
    """The portal's way to the provider, over the proxy, waiting less long than the provider can be silent."""
    gateway = SandboxGateway(bank.url, SECRET, timeout=IMPATIENT_SECONDS)
    yield gateway
    gateway.close()


@pytest.fixture
def ordered_at(today: datetime) -> datetime:
    """A calendar month ends in 31 days at the latest."""
    return today - timedelta(days=31)


@pytest.fixture
def garage(market: Market, bank: Bank, ordered_at: datetime) -> Membership:
    """A member with a car and a card at the provider."""
    member = make.account("member@example.com", market=market, now=ordered_at)
    make.card(member, gateway=bank.gateway, now=ordered_at)
    return make.active_car(member, now=ordered_at)


@pytest.fixture
def order(garage: Membership, market: Market, bank: Bank, ordered_at: datetime) -> Callable[..., list[Subscription]]:
    """Orders a month ago, each of a package of its own with a free month: their first charge is due."""

    numbers = count_from(1)

    def order(count: int = 1, *, term: str = "yearly", price: str = "60.00") -> list[Subscription]:
        made = []
        for number in islice(numbers, count):
            package = make.package(f"package-{number}", market=market, prices={term: price}, gives_trial=True)
            made.append(make.subscription(garage, package=package, term=term, gateway=bank.gateway, now=ordered_at))
        return made

    return order


@pytest.fixture
def start(bank: Bank, today: datetime) -> Iterator[Callable[..., Actor]]:
    """Starts a process at work; whatever still lives at the end is killed."""
    started: list[Actor] = []

    def start(act: str, *, now: datetime = today, database: dict | None = None, **how: Any) -> Actor:
        reach = database or database_settings()
        started.append(Actor(Orders(act=act, now=now, database=reach, bank_url=bank.url, **how)))
        return started[-1]

    yield start
    for actor in started:
        actor.kill()
