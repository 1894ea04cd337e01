"""Our gunicorn worker: what it loads before the first request."""

import gc
from types import SimpleNamespace

import pytest
from django.urls import clear_url_caches, get_resolver

from portal.operating.web_worker import Worker


@pytest.fixture
def unfrozen():
    before, often = gc.get_freeze_count(), gc.get_threshold()
    yield before
    gc.unfreeze()
    gc.set_threshold(*often)


def test_a_web_process_has_every_view_before_the_first_request_and_looks_through_it_no_more(unfrozen):
    clear_url_caches()
    worker = Worker.__new__(Worker)
    worker.app = SimpleNamespace(wsgi=lambda: lambda environ: "the portal")
    worker.load_wsgi()
    assert worker.wsgi("environ") == "the portal"
    assert "url_patterns" in vars(get_resolver())
    assert gc.get_freeze_count() > unfrozen + 10_000
