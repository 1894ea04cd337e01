"""What the modules here stand on: the market with its answers, or with somebody who has one of everything besides."""

from collections.abc import Iterator
from copy import deepcopy
from types import SimpleNamespace

import pytest
import time_machine
from django.test import override_settings

from accounts.models import Account
from garage.models import Membership
from portal.models import Market
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.models import Package
from subscriptions.rehearsal.play import Clock
from support.actions.articles import load_articles
from support.files.content import CONTENT
from tests import make
from tests.meta.estate import NOWHERE, estate_of
from tests.meta.reading import ReadingClient
from tests.standing import gateway_like, standing


@pytest.fixture(scope="module")
def _with_answers(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The market and its answers, loaded once a module: every test lies in a transaction within this one."""
    with standing(django_db_blocker):
        make.market()
        load_articles(CONTENT, now=make.NOW)
        yield


@pytest.fixture(scope="module")
def _with_estate(_with_answers, django_db_blocker, tmp_path_factory) -> Iterator[SimpleNamespace]:
    """Made once a module. Its files stay where they are: their names are drawn by lot, and no test takes one away."""
    clock = Clock()
    clock.now = make.NOW
    with (
        standing(django_db_blocker),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("estate")),
        gateway_like(None, clock=clock) as gateway,
    ):
        market = Market.objects.get()
        car = make.active_car(make.account("owner@example.com", market=market))
        make.card(car.account, gateway=gateway)
        navigation = make.package("navigation", market=market, gives_trial=True)
        digital_key = make.package("digital-key", market=market, prices={"monthly": "5.00", "yearly": "60.00"})
        made = estate_of(car, navigation=navigation, digital_key=digital_key, gateway=gateway)
        yield SimpleNamespace(things=made, gateway=gateway)


@pytest.fixture
def market(_with_answers, db) -> Market:
    return Market.objects.get()


@pytest.fixture
def owner(market: Market) -> Account:
    """Whose estate stands, where one does; so for the other rows by which tests/conftest.py knows them."""
    known = Account.objects.filter(email="owner@example.com").first()
    return known or make.account("owner@example.com", market=market)


@pytest.fixture
def car(owner: Account) -> Membership:
    return owner.memberships.order_by("pk").first() or make.active_car(owner)


@pytest.fixture
def digital_key(market: Market) -> Package:
    known = Package.objects.filter(code="digital-key").first()
    return known or make.package("digital-key", market=market, prices={"monthly": "5.00", "yearly": "60.00"})


@pytest.fixture
def gateway(request: pytest.FixtureRequest, clock: Clock) -> Iterator[InProcessGateway]:
    stands = "estate" in request.fixturenames
    with gateway_like(request.getfixturevalue("_with_estate").gateway if stands else None, clock=clock) as provider:
        yield provider


@pytest.fixture
def estate(_with_estate: SimpleNamespace, settings: object, db: None) -> Iterator[SimpleNamespace]:
    settings.SANDBOX_URL = NOWHERE
    with time_machine.travel(make.NOW, tick=False):
        yield deepcopy(_with_estate.things)


@pytest.fixture
def client() -> ReadingClient:
    return ReadingClient()
