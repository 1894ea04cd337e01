"""The day of the tests, and callers with their tokens."""

from collections.abc import Iterator

import pytest
import time_machine

from accounts.models import Account
from portal.models import Market
from tests import make, oidc


@pytest.fixture
def today() -> Iterator[None]:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def app(today: None, market: Market, owner: Account) -> oidc.PortalClient:
    """The owner's app, with all that an app may be given."""
    oidc.clients()
    return oidc.sign_in_app(owner)


@pytest.fixture
def others_app(app: oidc.PortalClient, stranger: Account) -> oidc.PortalClient:
    return oidc.sign_in_app(stranger)
