"""Pages cost as many queries for twenty rows as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from subscriptions.models import PaymentCard
from tests import make
from tests.subscriptions.incidents import incident

MANY = 20


@pytest.fixture
def queries(client, owner):
    """How many queries a page makes for the owner, signed in and with a warm cache."""
    client.force_login(owner)

    def count(name: str, *arguments: object) -> int:
        address = reverse(name, args=arguments)
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = client.get(address)
        assert page.status_code == 200
        return len(captured)

    return count


@pytest.fixture
def order(market, car, card, gateway):
    """Orders one more package of its own, without a trial, so that each has an invoice."""

    def ordered(number: int):
        package = make.package(f"package-{number}", market=market)
        return make.subscription(car, package=package, gateway=gateway)

    return ordered


def test_the_services_page(queries, order, market, car):
    order(0)
    make.package("free", market=market, complimentary_months={"default": 600})
    one = queries("services", car.public_id)
    for number in range(1, MANY):
        order(number)
        make.package(f"free-{number}", market=market, complimentary_months={"default": 600})
    assert queries("services", car.public_id) == one


@pytest.mark.parametrize("name", ["why", "why_package", "privacy_mode"])
def test_what_is_in_the_way(name, queries, order, market, car):
    arguments = [car.public_id, "package-0"] if name == "why_package" else [car.public_id]
    first = order(0)
    incident(packages=[first.package])
    one = queries(name, *arguments)
    for number in range(1, MANY):
        more = order(number)
        incident(packages=[more.package], services=more.package.services.all())
    assert queries(name, *arguments) == one


@pytest.mark.parametrize("name", ["subscriptions", "documents", "home", "wallet"])
def test_lists_of_subscriptions_and_documents(queries, order, name):
    order(0)
    one = queries(name)
    for number in range(1, MANY):
        order(number)
    assert queries(name) == one


@pytest.mark.parametrize("name", ["withdrawal", "calendar"])
def test_contracts_that_can_be_withdrawn_from(queries, order, name):
    order(0)
    one = queries(name)
    for number in range(1, 4):
        order(number)
    assert queries(name) == one


def test_the_wallet(queries, owner, card, gateway):
    one = queries("wallet")
    for number in range(1, MANY):
        make.card(owner, gateway=gateway, nth=number)
    assert PaymentCard.objects.count() == MANY
    assert queries("wallet") == one


def add_ons_of(base, *, market, car, gateway, numbers):
    for number in numbers:
        package = make.package(f"add-on-{number}", market=market, base=base.package)
        make.subscription(car, package=package, gateway=gateway)


@pytest.mark.parametrize("name", ["vehicle_removal", "cancellation"])
def test_ends_that_follow_from_others(name, queries, order, market, car, gateway):
    base = order(0)
    arguments = [car.public_id if name == "vehicle_removal" else base.public_id]
    add_ons_of(base, market=market, car=car, gateway=gateway, numbers=range(1))
    one = queries(name, *arguments)
    add_ons_of(base, market=market, car=car, gateway=gateway, numbers=range(1, MANY))
    assert queries(name, *arguments) == one
