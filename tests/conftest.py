"""The cast: a market, an owner with a car, a stranger, a provider in this process, and a clock that stands still."""

import gc
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Account
from garage.models import Membership
from portal import outbox
from portal.models import Market
from subscriptions import webhooks
from subscriptions.actions.bundle import prepare_step
from subscriptions.actions.refund import send_refund
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.models import Package, PaymentCard
from subscriptions.rehearsal.play import Clock
from tests import make
from tests.chromium import chrome as chrome
from tests.chromium import running_chromium as running_chromium
from tests.migrated import copy_what_is_migrated, remove_what_is_migrated
from tests.staff import sign_in_at_the_desk

# Looking for cycles among all that is loaded takes a tenth of the time, and finds nothing.
gc.set_threshold(100_000, 20, 50)

WAITING = ("browser", "concurrency", "faults", "proof")
FILLED_BY_MIGRATING = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


def pytest_collection_modifyitems(items):
    """What is long begins first, then what waits most of its time, for a browser or for other processes: one process is
    busy with these, the others meanwhile use the processors; at the end all would wait."""
    tests = Path(__file__).parent
    items.sort(
        key=lambda item: (
            "long" not in item.keywords,
            not any(item.path.is_relative_to(tests / folder) for folder in WAITING),
        )
    )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    """In the place of pytest-django's: with several processes the database is migrated in one of them."""
    if not hasattr(request.config, "workerinput"):
        yield
        return
    of_the_run = tmp_path_factory.getbasetemp().parent
    with django_db_blocker.unblock():
        copy_what_is_migrated(of_the_run)
    yield
    with django_db_blocker.unblock():
        remove_what_is_migrated(of_the_run)


@pytest.fixture(autouse=True)
def _clean_thread():
    """A request leaves its language in the thread, and rate limits count in the cache."""
    cache.clear()
    with translation.override("en"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _only_what_is_filled_is_flushed():
    """Tests of several processes end with emptied tables. Of two hundred a few are filled: these alone are emptied,
    without the triggers that keep documents and ledgers (I4), since a TRUNCATE of all makes each file anew.

    What migrating itself fills stays: emptied, it would be filled again by the signal after each flush, at length."""

    def flushed(operations, statements):
        tables = set(re.findall(r'"(\w+)"', " ".join(statements))) - FILLED_BY_MIGRATING
        has_rows = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(has_rows)
            filled = [table for (table,) in cursor.fetchall()]
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in filled:
                cursor.execute(f'DELETE FROM "{table}"')

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flushed)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield


@pytest.fixture
def now() -> datetime:
    return make.NOW


@pytest.fixture
def market(db: None) -> Market:
    return make.market()


@pytest.fixture
def owner(market: Market) -> Account:
    return make.account("owner@example.com", market=market)


@pytest.fixture
def stranger(market: Market) -> Account:
    return make.account("stranger@example.com", market=market, first_name="Petros", last_name="Savva")


@pytest.fixture
def admin_client(market: Market, client: Client) -> Client:
    """In the place of pytest-django's: a superuser at the desk, with a second step like all staff."""
    chief = make.account("chief@staff.example.com", market=market, is_staff=True, is_superuser=True)
    return sign_in_at_the_desk(client, chief)


@pytest.fixture
def car(owner: Account) -> Membership:
    """The owner's car, under the owner's control."""
    return make.active_car(owner)


@pytest.fixture
def navigation(market: Market) -> Package:
    """With a free month, in all three terms."""
    return make.package("navigation", market=market, gives_trial=True)


@pytest.fixture
def digital_key(market: Market) -> Package:
    """Without a free month: the first charge is part of ordering."""
    return make.package("digital-key", market=market, prices={"monthly": "5.00", "yearly": "60.00"})


@pytest.fixture
def clock(now: datetime) -> Clock:
    clock = Clock()
    clock.now = now
    return clock


@pytest.fixture
def gateway(clock: Clock, settings):
    """The sandbox provider's code in this process, on the test's clock."""
    provider = SandboxProvider(clock=clock, return_origins=[make.RETURN_ORIGIN, settings.SITE_URL])
    yield InProcessGateway(provider)
    provider.close()


@pytest.fixture
def deliver(gateway: InProcessGateway, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Does what waits in the outbox, as the worker would, at the provider in this process and on the test's clock."""

    def refund(*, refund_id: int) -> None:
        send_refund(refund_id=refund_id, now=clock(), gateway=gateway)

    monkeypatch.setitem(outbox.HANDLERS, "refund", refund)

    def provider_event(*, provider_event_id: int) -> None:
        webhooks.handle(provider_event_id=provider_event_id, now=clock(), gateway=gateway)

    monkeypatch.setitem(outbox.HANDLERS, "provider_event", provider_event)
    monkeypatch.setitem(outbox.HANDLERS, "forget_card", gateway.forget_card)

    def document_bundle(*, bundle_id: int) -> None:
        prepare_step(bundle_id=bundle_id, now=clock())

    monkeypatch.setitem(outbox.HANDLERS, "document_bundle", document_bundle)

    def deliver_everything() -> None:
        while waiting := outbox.waiting(now=clock()):
            assert all(outbox.deliver(message_id, now=clock()) for message_id in waiting)

    return deliver_everything


@pytest.fixture
def files(settings, tmp_path: Path) -> Path:
    """Made files stand in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def card(owner: Account, gateway: InProcessGateway) -> PaymentCard:
    return make.card(owner, gateway=gateway)
