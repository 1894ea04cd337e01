"""A customer at the site with the provider's server beside it; all clocks stand still together."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from subscriptions.gateway import get_gateway
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401  (for every test here)
from tests.gateway.calls import SECRET
from tests.gateway.conftest import serving


@pytest.fixture
def provider_site(gateway: InProcessGateway, settings) -> Iterator[InProcessGateway]:
    """The provider behind its real server, which the site's views talk to over HTTP."""
    with serving(gateway.provider) as address:
        settings.SANDBOX_URL, settings.SANDBOX_SECRET, settings.SITE_URL = address, SECRET, make.RETURN_ORIGIN
        yield gateway
        get_gateway().close()


@pytest.fixture
def customer(client: Client, owner, provider_site, now) -> Iterator[Client]:
    """The owner, signed in."""
    with time_machine.travel(now, tick=False):
        client.force_login(owner)
        yield client


def words(response) -> str:
    """The page's text without tags and doubled blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def hidden(response) -> dict[str, str]:
    """The hidden fields of the page's own form, but for the token."""
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main)
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}
