"""Whoever sends slowly, too much, or nothing at all (fault 57), before the web process as production starts it."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import httpx
import pytest
from django.conf import settings

from subscriptions.ledger.check import check_ledger
from tests import make
from tests.faults.bank import free_port
from tests.faults.books import database_settings
from tests.faults.celery_processes import eventually, kill_with_children
from tests.proof.results import note

pytestmark = pytest.mark.django_db(transaction=True)

IDLE = int(os.environ["PROOF_IDLE"])
HEAD = b"GET /alive/ HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def port(market, tmp_path) -> Iterator[int]:
    reach, port = database_settings(), free_port()
    url = f"postgresql:///{reach['NAME']}?host={reach['HOST']}&user={reach['USER']}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "portal.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "1",
        "--threads",
        "4",
    ]
    with (tmp_path / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--no-control-socket"],
            cwd=settings.BASE_DIR,
            env=os.environ | {"PORTAL_MODE": "test", "DATABASE_URL": url},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    eventually(lambda: is_served(port))
    yield port
    kill_with_children(process)


def is_served(port: int) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}/alive/", timeout=20, trust_env=False).status_code == 200
    return False


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def answer_to(port: int, *pieces: bytes) -> bytes:
    with connect(port) as client:
        with suppress(OSError):
            for piece in pieces:
                client.sendall(piece)
        with suppress(ConnectionResetError):
            return client.recv(200).split(b"\r\n")[0]
    return b"reset"


def test_F57_slow_and_idle_clients_hold_nobody_up_and_what_is_too_much_is_refused(port):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, IDLE + 500)), hard))
    with ExitStack() as open_ones:
        for _ in range(IDLE):
            open_ones.enter_context(connect(port))
        began = time.monotonic()
        assert is_served(port)
        among_idle = time.monotonic() - began
        # More of them than there are threads: each has sent half a head, and nothing more comes.
        slow = [open_ones.enter_context(connect(port)) for _ in range(6)]
        for client in slow:
            client.sendall(HEAD)
        began = time.monotonic()
        assert is_served(port)
        among_slow = time.monotonic() - began
        assert slow[0].recv(1) == b""
    assert among_idle < 10
    assert among_slow < 15
    many = [b"X-%d: y\r\n" % number for number in range(80)]
    assert b" 431 " in answer_to(port, HEAD, *many, b"\r\n")
    assert b" 431 " in answer_to(port, HEAD, b"X-Long: " + b"y" * 20_000, b"\r\n\r\n")
    assert b" 414 " in answer_to(port, b"GET /" + b"y" * 20_000 + b" HTTP/1.1\r\n\r\n")
    huge = b"POST /en/withdrawal/statement/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
    assert answer_to(port, huge, b"Content-Length: 1000000000000\r\n\r\n", b"y" * 100_000)[9:12] in {
        b"400",
        b"403",
        b"413",
    }
    assert is_served(port)
    assert list(check_ledger(now=make.NOW)) == []
    note("idle connections on one web process", idle=IDLE, seconds=round(among_idle, 1))
