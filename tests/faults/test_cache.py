"""The cache is emptied, full of rubbish, or away (fault 56): pages come all the same, and limits are never lifted."""

import pytest
import redis
from django.core.cache import cache, caches
from django.test import Client
from django.utils.connection import ConnectionProxy

from portal import embedded
from subscriptions.ledger.check import check_ledger
from tests import make

pytestmark = pytest.mark.django_db
PAGES = ("/en/", "/en/support/", "/en/account/login/", "/en/connectivity/", "/en/garage/", "/en/payments/")


@pytest.fixture
def shared_cache(tmp_path, settings):
    """As in production: Valkey, which all processes share."""
    socket = embedded.ensure_broker(tmp_path)
    backend = "portal.operating.shared_cache.SharedCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": f"unix://{socket}?db=1"}}
    with redis.Redis(unix_socket_path=str(socket), db=1) as server:
        yield server
    caches["default"].close()
    embedded.release_broker(tmp_path)


def statuses(client: Client) -> set[int]:
    return {client.get(page).status_code for page in PAGES}


def test_F56_a_cache_that_is_lost_poisoned_or_away_costs_no_page(shared_cache, client, market, owner, tmp_path):
    assert isinstance(cache, ConnectionProxy)
    client.force_login(owner)
    before = statuses(client)
    client.post("/en/account/login/", {"login": owner.email, "password": "wrong"})
    assert shared_cache.dbsize()
    for key in shared_cache.scan_iter():
        shared_cache.set(key, b"\x80rubbish")
    assert statuses(client) == before
    shared_cache.flushall()
    assert statuses(client) == before
    assert client.post("/en/account/login/", {"login": owner.email, "password": make.PASSWORD}).status_code == 302
    embedded.release_broker(tmp_path)
    assert statuses(client) <= {200, 302, 503}
    # Nobody guesses passwords while nobody counts.
    careless = Client(raise_request_exception=False)
    assert careless.post("/en/account/login/", {"login": owner.email, "password": "wrong"}).status_code == 503
    assert list(check_ledger(now=make.NOW)) == []
