"""Whether this process can serve: what it needs, asked in milliseconds."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BROKER_ASKED_EVERY = 5.0
PROBE = "operating:probe"


@dataclass(frozen=True)
class Finding:
    """`is_needed`: without it no page can be served rightly, and a balancer should send nobody here."""

    name: str
    is_well: bool
    is_needed: bool = True


def findings() -> list[Finding]:
    """Database and migrations, cache; the broker is told of, and stands in nobody's way: what pages ask for waits in
    the database (fault 7)."""
    return [
        Finding("database", _holds(_database_answers)),
        Finding("migrations", _holds(_migrations_are_applied)),
        Finding("cache", _holds(_cache_keeps)),
        Finding("broker", _holds(_broker_answers), is_needed=False),
    ]


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        # What went wrong is in the log of whoever needs it; a probe tells nothing but which.
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


class _Known:
    """What was found out before, in this process."""

    migrations_are_applied = False
    broker: tuple[float, bool] = (-BROKER_ASKED_EVERY, False)


def _migrations_are_applied() -> bool:
    """Looked up until they are: new code does not serve on an old schema. Reading all takes a tenth of a second."""
    if not _Known.migrations_are_applied:
        executor = MigrationExecutor(connection)
        _Known.migrations_are_applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _Known.migrations_are_applied


def _cache_keeps() -> bool:
    cache.set(PROBE, "kept", 60)
    return bool(cache.get(PROBE) == "kept")


def _broker_answers() -> bool:
    """Asked every few seconds at most, since a connection to it is made anew each time."""
    asked_at, answered = _Known.broker
    if time.monotonic() - asked_at >= BROKER_ASKED_EVERY:
        answered = _holds(_connect_to_broker)
        _Known.broker = time.monotonic(), answered
    return answered


def _connect_to_broker() -> bool:
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
        return bool(link.connected)
