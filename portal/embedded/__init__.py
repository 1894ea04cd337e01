"""The zero-install database and broker of demo, development and tests; production never imports this package.

Both servers are binaries out of Python packages, speak over a Unix socket only, and are shared by every process with
the same state folder: the first one starts a server, the last one that ends stops it.
"""

import shutil
from pathlib import Path

from portal.embedded.lease import ensure, release, release_all, stop_unused
from portal.embedded.places import EmbeddedServiceError, broker_socket, remove_shelter
from portal.embedded.postgres import SUPERUSER, Postgres, drop_database, ensure_database, program
from portal.embedded.valkey import Valkey

__all__ = [
    "SUPERUSER",
    "EmbeddedServiceError",
    "broker_socket",
    "drop_database",
    "ensure_broker",
    "ensure_database",
    "ensure_postgres",
    "program",
    "release_all",
    "release_broker",
    "release_postgres",
    "remove",
]


def ensure_postgres(state_dir: Path, *, durable: bool = True) -> Path:
    """Make the embedded PostgreSQL of `state_dir` run until this process ends; returns the folder of its socket.

    The socket's folder is the `host` to connect to, as user `SUPERUSER`, without a password. `durable=False` (tests)
    trades safety at a power cut for speed; the process that starts the server decides. Raises `EmbeddedServiceError`.
    """
    server = Postgres(state_dir=state_dir.resolve(), durable=durable)
    ensure(server)
    return server.folder


def release_postgres(state_dir: Path) -> None:
    """Give the embedded PostgreSQL up before the process ends; stops it if nobody else uses it."""
    release(Postgres(state_dir=state_dir.resolve()))


def ensure_broker(state_dir: Path) -> Path:
    """Make the embedded Valkey of `state_dir` run until this process ends; returns its socket.

    Raises `EmbeddedServiceError`.
    """
    server = Valkey(state_dir=state_dir.resolve())
    ensure(server)
    return server.socket


def release_broker(state_dir: Path) -> None:
    """Give the embedded Valkey up before the process ends; stops it if nobody else uses it."""
    release(Valkey(state_dir=state_dir.resolve()))


def remove(state_dir: Path) -> None:
    """Delete both servers' data, wherever it stands. Raises `EmbeddedServiceError` if another process uses them."""
    servers = Postgres(state_dir=state_dir.resolve()), Valkey(state_dir=state_dir.resolve())
    for server in servers:
        stop_unused(server)
        shutil.rmtree(server.folder, ignore_errors=True)
    remove_shelter(state_dir)
