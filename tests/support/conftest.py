"""The hub's own articles, loaded once a module: every test lies in a transaction within that of its module."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from portal.models import Market
from support.actions.articles import load_articles
from support.content_files import CONTENT
from tests import make


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        market = make.market()
        make.package("navigation", market=market, complimentary_months={"MM21": 48, "default": 36})
        load_articles(CONTENT, now=make.NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def hub(_loaded, db) -> Market:
    return Market.objects.get()


@pytest.fixture
def market(db) -> Market:
    """The hub's where the module has one."""
    return Market.objects.first() or make.market()
