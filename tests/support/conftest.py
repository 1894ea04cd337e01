"""The hub's own articles, loaded."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from portal.models import Market
from support.actions.articles import load_articles
from support.files.content import CONTENT
from support.models import Article, SameWords, Word
from tests import make


@pytest.fixture(scope="module")
def articles_there(django_db_setup: None, django_db_blocker) -> Iterator[Market]:
    """Loaded once for a module's tests, each of which is undone down to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        market = make.market()
        make.package("navigation", market=market, complimentary_months={"MM21": 48, "default": 36})
        load_articles(CONTENT, now=make.NOW)
        yield market
        transaction.set_rollback(True)


@pytest.fixture
def market(request: pytest.FixtureRequest, db: None) -> Market:
    """As elsewhere; without the articles, unless a test asks for these too."""
    there = Market.objects.first()
    if there is None:
        return make.market()
    if "hub" not in request.fixturenames:
        for model in (Article, SameWords, Word):
            model.objects.all().delete()
    return there


@pytest.fixture
def hub(articles_there: Market, db: None) -> Market:
    return Market.objects.get(pk=articles_there.pk)
