"""The benchmark's own databases on one server: each is a copy of a template that is filled once and then kept."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection

from portal import embedded
from tests.benchmarks import population
from tests.benchmarks.population import DUE_ON

REPOSITORY = Path(__file__).resolve().parents[2]
PREFIX = "bench_"
# What collecting writes to; the rest is read only.
WRITTEN = ("subscriptions_subscription", "subscriptions_payment", "subscriptions_numberseries", "portal_outboxmessage")
# All made due again, whatever was paid since: counted from an activation that lies so much further back.
_REFILL = """
    UPDATE subscriptions_subscription
    SET activated_on = %(on)s::date - make_interval(months => periods_paid::int), next_charge_on = %(on)s,
        next_try_on = %(on)s
    WHERE id <= %(due)s AND next_charge_on <> %(on)s
"""


class Server:
    """The embedded PostgreSQL of the benchmark's state folder, as safe at a power cut as a real one."""

    def __init__(self, state: Path) -> None:
        self.host = embedded.ensure_postgres(state)
        self.version = self._ask("SHOW server_version")
        if (self._ask("SHOW fsync"), self._ask("SHOW synchronous_commit")) != ("on", "on"):
            raise RuntimeError(f"The server of {state} was started by tests, without durability. Stop it first.")

    @property
    def postmaster(self) -> Path:
        return self.host / "data" / "postmaster.pid"

    @property
    def user(self) -> str:
        return embedded.SUPERUSER

    def conninfo(self, name: str) -> str:
        return f"host={self.host} user={self.user} dbname={name}"

    def database(self, name: str, *, size: int, due: int) -> "Database":
        """A fresh database of so many live subscriptions, of which the first `due` are due on `DUE_ON`."""
        template = self._template(size=size, due=due)
        embedded.drop_database(PREFIX + name, host=self.host)
        self._do(f'CREATE DATABASE "{PREFIX}{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return Database(self, PREFIX + name, size=size, due=due)

    def people(self, size: int, *, days: int) -> "People":
        """One with so many customers who live by the rules, kept from run to run: it is read, and hardly written."""
        migrated = f"{PREFIX}template_{_fingerprint()}"
        self._drop_outdated(migrated)
        self._make(migrated, "template0", lambda _: call_command("migrate", verbosity=0, interactive=False))
        name = f"{migrated}_people_{size}"
        self._make(name, migrated, lambda _: fill_with_people(size, days=days))
        return People(name, size)

    def empty_database(self, name: str) -> str:
        """The full name of an empty one."""
        embedded.drop_database(PREFIX + name, host=self.host)
        embedded.ensure_database(PREFIX + name, host=self.host)
        return PREFIX + name

    def _template(self, *, size: int, due: int) -> str:
        migrated = f"{PREFIX}template_{_fingerprint()}"
        self._drop_outdated(migrated)
        self._make(migrated, "template0", lambda _: call_command("migrate", verbosity=0, interactive=False))
        name = f"{migrated}_{size}_{due}"
        self._make(name, migrated, lambda conninfo: population.populate(conninfo=conninfo, size=size, due=due))
        return name

    def _make(self, name: str, template: str, fill: Callable[[str], object]) -> None:
        """Under another name until it is whole: one that was killed half-way is never used."""
        if name in self._templates():
            return
        print(f"Making {name}, which is kept for the next time ...", file=sys.stderr, flush=True)
        unfinished = f"{PREFIX}unfinished"
        embedded.drop_database(unfinished, host=self.host)
        self._do(f'CREATE DATABASE "{unfinished}" TEMPLATE "{template}"')
        lead_to(unfinished)
        fill(self.conninfo(unfinished))
        connection.close()
        self._do(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')

    def _templates(self) -> list[str]:
        with psycopg.connect(self.conninfo("postgres")) as maintenance:
            rows = maintenance.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}template_%"])
            return [row[0] for row in rows]

    def _drop_outdated(self, current: str) -> None:
        for name in self._templates():
            if not name.startswith(current):
                embedded.drop_database(name, host=self.host)

    def _ask(self, statement: str) -> str:
        with psycopg.connect(self.conninfo("postgres")) as maintenance:
            return maintenance.execute(statement).fetchone()[0]

    def _do(self, statement: str) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as maintenance:
            maintenance.execute(statement)


@dataclass(frozen=True)
class People:
    """A database of so many invented customers (`manage.py populate`)."""

    name: str
    size: int


def fill_with_people(size: int, *, days: int) -> None:
    data, quiet = population.MARKET_DATA, io.StringIO()
    for thing in ("brand", "terms", "consents", "catalogue", "contact", "dealers", "maintenance", "workshops"):
        call_command(f"load_{thing}", str(data / f"{thing}.yaml"), stdout=quiet)
    call_command("load_articles", str(REPOSITORY / "support" / "content"), stdout=quiet)
    call_command("populate", customers=size, days=days, stdout=quiet)


class Database:
    """One that is measured, with the ids of its due subscriptions."""

    def __init__(self, server: Server, name: str, *, size: int, due: int) -> None:
        self.name = name
        self.size = size
        self.due = due
        self.conninfo = server.conninfo(name)
        self._host = server.host
        self._maintenance = psycopg.connect(self.conninfo, autocommit=True)
        self._taken = 0

    def refill(self) -> None:
        """All due again, dead rows cleared away, and Django led here: the same start for each slice."""
        self._maintenance.execute(_REFILL, {"on": DUE_ON, "due": self.due})
        self._maintenance.execute(f"VACUUM (INDEX_CLEANUP on) {', '.join(WRITTEN)}")
        self._taken = 0
        lead_to(self.name)

    def take(self, most: int = 1) -> list[int]:
        """Ids of due ones that nobody had yet since `refill`; fewer, or none, at the end."""
        first, self._taken = self._taken + 1, min(self._taken + most, self.due)
        return list(range(first, self._taken + 1))

    def drop(self) -> None:
        connection.close()
        self._maintenance.close()
        embedded.drop_database(self.name, host=self._host)

    def rows(self, statement: str) -> list[tuple]:
        return self._maintenance.execute(statement).fetchall()


def lead_to(name: str) -> None:
    """Django's default connection leads into this database from now on."""
    if connection.settings_dict["NAME"] != name:
        connection.close()
        connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def _fingerprint() -> str:
    """Changes with every migration and with what customers' rows are made of; a text of the centre's is none of it."""
    migrations = REPOSITORY.glob("*/migrations/*.py")
    sources = [
        *migrations,
        *(population.MARKET_DATA / f"{name}.yaml" for name in ("brand", "terms", "consents", "catalogue")),
        Path(population.__file__),
        *(REPOSITORY / "subscriptions" / "population").glob("*.py"),
    ]
    digest = sha256()
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
