"""The app where money moves: a provider in this process stands behind every call."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

from subscriptions.gateway.sandbox.in_process import InProcessGateway
from tests.oidc import PortalClient

VIEWS = ("orders", "wallet", "paying")


@pytest.fixture
def shop(app: PortalClient, gateway: InProcessGateway, monkeypatch: pytest.MonkeyPatch) -> PortalClient:
    for view in VIEWS:
        monkeypatch.setattr(f"subscriptions.api.{view}.get_gateway", lambda: gateway)
    return app


def at(moment: datetime) -> Iterator[None]:
    return time_machine.travel(moment, tick=False)
