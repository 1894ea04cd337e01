"""A PostgreSQL of the test's own, as durable as a real one, which may crash: this process works on it meanwhile."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connections

from portal.embedded import SUPERUSER, program
from portal.embedded.places import remove_shelter
from portal.embedded.postgres import Postgres
from tests.faults.books import database_settings

NAME = "portal"


class OwnDatabase:
    def __init__(self, folder: Path) -> None:
        self._server = Postgres(state_dir=folder)

    @property
    def host(self) -> str:
        return str(self._server.folder)

    @property
    def socket(self) -> str:
        return f"{self.host}/.s.PGSQL.5432"

    @property
    def url(self) -> str:
        return f"postgresql:///{NAME}?host={self.host}&user={SUPERUSER}"

    def url_by(self, port: int) -> str:
        """Over a wire that listens on this port."""
        return f"postgresql://{SUPERUSER}@127.0.0.1:{port}/{NAME}?sslmode=disable&gssencmode=disable"

    def start(self) -> None:
        self._server.start()

    def crash(self) -> None:
        """As `pg_ctl stop -m immediate`: every backend ends at once, nothing is written down; the start recovers."""
        data = self._server.data
        os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        while self._server.answers() or (data / "postmaster.pid").exists():
            os.sched_yield()

    def stop(self) -> None:
        self._server.stop()

    def superuser(self, dbname: str = NAME) -> psycopg.Connection:
        return psycopg.connect(host=self.host, user=SUPERUSER, dbname=dbname, autocommit=True)


@contextmanager
def own_database(folder: Path) -> Iterator[OwnDatabase]:
    """Empty, with the schema of this test's database, which every connection of this process reaches instead."""
    folder.mkdir()
    database = OwnDatabase(folder)
    database.start()
    try:
        copy_schema(database_settings(), database)
        with working_on(NAME=NAME, USER=SUPERUSER, HOST=database.host):
            yield database
    finally:
        database.stop()
        remove_shelter(folder)


def copy_schema(reach: dict, database: OwnDatabase) -> None:
    """With what migrating itself fills; of everything else a test's database has nothing."""
    with database.superuser("postgres") as server:
        server.execute(f"CREATE DATABASE {NAME}")
    dump = [program("pg_dump"), "--no-owner", "--host", reach["HOST"], "--username", reach["USER"], reach["NAME"]]
    load = [program("psql"), "--quiet", "--no-psqlrc", "--host", database.host, "--username", SUPERUSER, NAME]
    dumped = subprocess.run(dump, check=True, capture_output=True).stdout
    subprocess.run(load, check=True, input=dumped, stdout=subprocess.DEVNULL)


@contextmanager
def working_on(**reach: str) -> Iterator[None]:
    """Every connection of this process goes there, by Django's names of what reaches a database."""
    known = connections.settings["default"]
    before, connection = dict(known), connections["default"]
    connections.close_all()
    known.update(reach | {"ENGINE": "django.db.backends.postgresql"})
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        known.clear()
        known.update(before)
        connections["default"] = connection
