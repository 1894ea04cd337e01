import pytest

from tests.garage.cars import make_account


@pytest.fixture
def cyprus(market):
    return market


@pytest.fixture
def anna(cyprus):
    """The owner of the cars."""
    return make_account("anna@example.com", cyprus)


@pytest.fixture
def petros(cyprus):
    """Somebody else."""
    return make_account("petros@example.com", cyprus)
