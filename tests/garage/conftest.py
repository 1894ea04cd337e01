import pytest
from django.core.cache import cache

from tests.garage.cars import make_account, make_market


@pytest.fixture(autouse=True)
def _no_lookups_counted():
    cache.clear()


@pytest.fixture
def cyprus(db):
    return make_market()


@pytest.fixture
def anna(cyprus):
    """The owner of the cars."""
    return make_account("anna@example.com", cyprus)


@pytest.fixture
def petros(cyprus):
    """Somebody else."""
    return make_account("petros@example.com", cyprus)
