"""The sandbox provider as a process of its own with its state on disk, behind a wire that can be cut."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from django.conf import settings

from subscriptions.gateway.sandbox.client import SandboxGateway
from tests import make
from tests.faults.proxy import Proxy, proxy_before

SECRET = "a secret of these tests"
WEBHOOK_SECRET = "what these tests sign their webhooks with"
# Where an answer is lost the provider keeps silent for longer than the impatient portal of a test waits.
SILENT_SECONDS = 2.5
IMPATIENT_SECONDS = 0.7
PATIENCE_SECONDS = 20
CHARGE = b"POST /v1/charges"
REFUND = b"POST /v1/refunds"


@dataclass(frozen=True, kw_only=True)
class Bank:
    """`gateway` speaks to the provider itself, everybody who is asked by `url` to the proxy before it."""

    proxy: Proxy
    gateway: SandboxGateway
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.proxy.port}"

    def charged(self) -> list[str]:
        """The keys under which money was taken, by the provider's own list."""
        return [charge.key for charge in every_charge(self.gateway)]

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


def every_charge(gateway):
    after, found = "", []
    while page := gateway.charges(after=after):
        found += page
        after = page[-1].charge_ref
    return found


@contextmanager
def open_bank(folder: Path, *, calls_per_second: float = 1000, webhook_url: str = "") -> Iterator[Bank]:
    port = free_port()
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "SANDBOX_PORT": str(port),
        "SANDBOX_STATE": str(folder / "sandbox.sqlite3"),
        "SANDBOX_SECRET": SECRET,
        "SANDBOX_RETURN_ORIGINS": f"{make.RETURN_ORIGIN},{settings.SITE_URL}",
        "SANDBOX_SILENT_SECONDS": str(SILENT_SECONDS),
        "SANDBOX_CALLS_PER_SECOND": str(calls_per_second),
        "SANDBOX_WEBHOOK_URL": webhook_url,
        "SANDBOX_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }
    command = [sys.executable, "-m", "subscriptions.gateway.sandbox.server"]
    with (folder / "sandbox.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
    gateway = SandboxGateway(f"http://127.0.0.1:{port}", SECRET)
    try:
        _wait_until_open(port)
        with proxy_before(("127.0.0.1", port)) as proxy:
            yield Bank(proxy=proxy, gateway=gateway, process=process)
    finally:
        gateway.close()
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_open(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    with httpx.Client(trust_env=False) as client:
        while time.monotonic() < deadline:
            try:
                client.get(f"http://127.0.0.1:{port}/health").raise_for_status()
                return
            except httpx.TransportError:
                time.sleep(0.03)
    raise AssertionError("The sandbox did not start; see its log.")
