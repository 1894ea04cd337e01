"""The hub's own articles, loaded."""

import pytest

from support.actions.articles import load_articles
from support.content_files import CONTENT
from tests import make


@pytest.fixture
def hub(market):
    make.package("navigation", market=market, complimentary_months={"MM21": 48, "default": 36})
    load_articles(CONTENT, now=make.NOW)
    return market
