"""A scratch database for one story: cloned from a migrated template, filled with the market's data, dropped after."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.core import serializers
from django.core.management import call_command
from django.core.serializers.base import DeserializedObject
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import F, QuerySet
from django.db.utils import DatabaseError

from accounts.models import TermsVersion
from portal.models import Brand, LegalEntity, Market, VatRate
from portal.operating.durability import thrown_away
from subscriptions.models import Package, Plan, Service

TEMPLATE_PREFIX = "rehearsal_template_"
# Any number will do, as long as everybody who makes a template takes the same.
TEMPLATE_LOCK = 7_204_511


class NoScratchDatabase(Exception):
    """The server does not let us make databases; the live one is not played in."""


def read_market_data(market_code: str, *, with_catalogue: bool) -> str:
    """Everything of the live database that a story needs, as fixtures: only read, never written."""
    market = Market.objects.filter(code=market_code)
    rows: list[Any] = list(Brand.objects.filter(market__in=market))
    rows += [*LegalEntity.objects.filter(market__in=market), *market, *VatRate.objects.all()]
    rows += TermsVersion.objects.published().filter(market__in=market)
    if with_catalogue:
        rows += [*Service.objects.all(), *_bases_first(), *Plan.objects.filter(market__in=market)]
    return serializers.serialize("json", rows)


def _bases_first() -> QuerySet[Package]:
    return Package.objects.order_by(F("base").asc(nulls_first=True), "pk")


@contextmanager
def scratch_database(fixtures: str) -> Iterator[None]:
    """The default connection leads into a fresh database meanwhile. Raises `NoScratchDatabase`."""
    live = connection.settings_dict["NAME"]
    name = f"rehearsal_{token_hex(6)}"
    try:
        _clone(_template(live), name)
        # Nothing in it outlives the story: it need not wait for the disk.
        _maintain(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    except DatabaseError as error:
        raise NoScratchDatabase(str(error)) from error
    try:
        _lead_to(name)
        for row in _with_terms_that_reach_back(list(serializers.deserialize("json", fixtures))):
            row.save()
        with thrown_away():
            yield
    finally:
        _lead_to(live)
        _maintain(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _with_terms_that_reach_back(rows: list[DeserializedObject]) -> list[DeserializedObject]:
    """A story may play before the first version of the Terms came into force."""
    versions = [row.object for row in rows if isinstance(row.object, TermsVersion)]
    if versions:
        min(versions, key=lambda version: version.effective_at).effective_at = datetime(1990, 1, 1, tzinfo=UTC)
    return rows


def _template(live: str) -> str:
    """The migrated template for the migrations of this checkout; made once, under a lock of the whole server."""
    name = TEMPLATE_PREFIX + _fingerprint()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        # Whoever waits for another's template waits for all its migrations, longer than any lock of a request.
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        try:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{TEMPLATE_PREFIX}%"])
            existing = {row[0] for row in cursor.fetchall()}
            if name not in existing:
                _make_template(name, live=live)
            for outdated in existing - {name}:
                cursor.execute(f'DROP DATABASE IF EXISTS "{outdated}"')
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
    return name


def _make_template(name: str, *, live: str) -> None:
    # Under another name until it is whole: a template that was killed half-way is never cloned.
    unfinished = f"unfinished_{name}"
    _maintain(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
    _maintain(f'CREATE DATABASE "{unfinished}"')
    try:
        _lead_to(unfinished)
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        _lead_to(live)
    _maintain(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def _fingerprint() -> str:
    """Changes with the set of migrations, and with what stands in their files."""
    loader = MigrationLoader(None)
    digest = sha256()
    for key in sorted(loader.disk_migrations):
        module = loader.disk_migrations[key].__module__
        digest.update(module.encode())
        digest.update(_source(module))
    return digest.hexdigest()[:16]


def _source(module: str) -> bytes:
    spec = find_spec(module)
    return Path(spec.origin).read_bytes() if spec and spec.origin else b""


def _clone(template: str, name: str) -> None:
    _maintain(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _maintain(statement: str) -> None:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(statement)


def _lead_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
