"""A sandbox for each test: its clock can be set, its state is a file of the test's own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider

PORTAL = "http://portal.example:8000"


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = datetime(2024, 1, 10, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


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


@pytest.fixture(params=["in process"])
def gateway(request, provider: SandboxProvider):
    return InProcessGateway(provider)
