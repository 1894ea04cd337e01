"""A sandbox for each test: its clock can be set, its state is a file of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import httpx
import pytest

from subscriptions.gateway.sandbox.application import Application
from subscriptions.gateway.sandbox.client import SandboxGateway
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.gateway.sandbox.server import Server
from tests.gateway.calls import PORTAL, SECRET

# How long the client waits, and how much longer the server keeps silent where an answer is lost.
ANSWER_SECONDS = 2.0
SILENT_SECONDS = 3.0


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = datetime(2024, 1, 10, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def serving(provider: SandboxProvider) -> Iterator[str]:
    """The address of the real server over this provider, in a thread, for as long as the block lasts."""
    application = Application(provider, secret=SECRET, silent_seconds=SILENT_SECONDS)
    with Server(application, port=0) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state_file(tmp_path: Path) -> Path:
    return tmp_path / "sandbox.sqlite3"


@pytest.fixture
def provider(state_file: Path, clock: Clock) -> Iterator[SandboxProvider]:
    provider = SandboxProvider(state_file, clock=clock, return_origins=[PORTAL])
    yield provider
    provider.close()


@pytest.fixture
def address(provider: SandboxProvider) -> Iterator[str]:
    with serving(provider) as address:
        yield address


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    """A browser without cookies that follows no redirect by itself."""
    with httpx.Client(base_url=address, trust_env=False, timeout=10) as client:
        yield client


@pytest.fixture(params=["in process", "in memory", "over HTTP"])
def gateway(request: pytest.FixtureRequest, clock: Clock) -> Iterator[InProcessGateway | SandboxGateway]:
    """Every gateway that must keep the contract."""
    if request.param == "in process":
        yield InProcessGateway(request.getfixturevalue("provider"))
    elif request.param == "in memory":
        yield InProcessGateway(SandboxProvider(clock=clock, return_origins=[PORTAL]))
    else:
        gateway = SandboxGateway(request.getfixturevalue("address"), SECRET, timeout=ANSWER_SECONDS)
        yield gateway
        gateway.close()
