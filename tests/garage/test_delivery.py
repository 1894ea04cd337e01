"""The day on which an ordered car is handed over, for its customer and its dealer (G4, K1)."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.dealers import prefer_dealer
from accounts.models import Account
from garage.actions.leave import end_membership
from garage.actions.profile import link_profile
from garage.delivery import deliveries_of, delivery_or_404
from garage.files.orders import deliver_waiting
from garage.models import OrderedVehicle, WorkshopStaff
from garage.models.profile import Source
from garage.rules.orders import READY, Ready, Stage
from portal.roles import load_roles
from tests import make
from tests.garage.driving import driving_package
from tests.staff import sign_in_at_the_desk

NOW = make.NOW
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def dealer(market):
    return make.dealer(market)


@pytest.fixture
def order(owner, dealer):
    return make.ordered_vehicle(owner, dealer=dealer)


def done(order):
    rows = OrderedVehicle.objects.select_related("membership__vehicle", "membership__account__market")
    (delivery,) = deliveries_of([rows.get(pk=order.pk)], now=NOW)
    return set(delivery.done)


def handed_over(owner, dealer):
    """The order's car, delivered today."""
    entry = make.registry_entry()
    facts = {"stage": Stage.DELIVERED, "vin": entry.vin, "dealer": dealer}
    order = make.ordered_vehicle(owner, **facts)
    deliver_waiting(now=NOW)
    order.refresh_from_db()
    return order


def test_G4_the_checklist_knows_its_state_up_to_the_last_step(owner, dealer, order):
    assert done(order) == {Ready.ACCOUNT, Ready.TERMS}
    prefer_dealer(account=owner, dealer=dealer, now=NOW, by=owner)
    assert done(order) == {Ready.ACCOUNT, Ready.TERMS, Ready.DEALER}
    driving_package(owner.market)
    order = handed_over(owner, dealer)
    assert done(order) == set(READY) - {Ready.PROFILE}
    link_profile(membership=order.membership, source=Source.DECLARED, now=NOW, by=owner)
    assert done(order) == set(READY)


def test_an_order_of_an_address_without_an_account_has_nothing_done(owner, order):
    other = make.ordered_vehicle(owner, 2, email="nobody@example.com")
    assert done(other) == set()


def test_without_a_standard_package_the_step_is_open(owner, dealer):
    assert Ready.STANDARD not in done(handed_over(owner, dealer))


def test_G4_the_customers_page_leads_to_what_is_next(client, owner, dealer, order):
    url = reverse("delivery", args=[order.public_id])
    client.force_login(owner)
    page = client.get(url).content.decode()
    assert "Delivery day of your NX 450h+" in page
    assert dealer.name in page
    assert f'href="{reverse("dealers")}"' in page
    assert url in client.get(reverse("garage")).content.decode()
    order = handed_over(owner, dealer)
    page = client.get(url).content.decode()
    assert reverse("manuals", args=[order.membership.public_id]) in page


def test_nobody_else_sees_it_and_a_car_that_left_the_garage_ends_it(client, owner, stranger, dealer, order):
    url = reverse("delivery", args=[order.public_id])
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    order = handed_over(owner, dealer)
    end_membership(membership=order.membership, now=NOW, by=owner)
    client.force_login(owner)
    assert client.get(url).status_code == 404


def test_it_is_the_same_number_of_queries_for_many_orders(owner, dealer, order):
    def count():
        rows = list(OrderedVehicle.objects.select_related("membership__vehicle", "membership__account__market"))
        with CaptureQueriesContext(connection) as caught:
            deliveries_of(rows, now=NOW)
        return len(caught)

    with_one = count()
    for number in range(2, 6):
        email = f"buyer{number}@example.com"
        make.ordered_vehicle(make.account(email, market=owner.market), number, dealer=dealer)
    assert count() == with_one


@pytest.fixture
def desk(client, market, dealer):
    """Somebody who works at the dealer."""
    load_roles()
    made = Account.objects.create_user("dealer@staff.example.com", make.PASSWORD, market=market, is_staff=True)
    made.groups.add(Group.objects.get(name="dealer"))
    WorkshopStaff.objects.create(account=made, workshop=make.workshop(market, dealer=dealer))
    return sign_in_at_the_desk(client, made)


def test_K1_a_dealer_sees_its_own_deliveries_of_the_day_with_what_is_missing(desk, owner, market, order):
    other = make.dealer(market, "other")
    make.ordered_vehicle(owner, 2, dealer=other)
    make.ordered_vehicle(owner, 3)
    make.ordered_vehicle(owner, 4, dealer=order.dealer, expected_on=(NOW + 8 * DAY).date())
    url = reverse("admin:garage_orderedvehicle_changelist")

    def numbers(**query):
        return [row.order_number for row in desk.get(url, query).context["cl"].result_list]

    assert numbers(delivery="today") == numbers(delivery="week") == ["LX-1"]
    assert numbers(delivery="next") == ["LX-4"]
    assert set(numbers()) == {"LX-1", "LX-4"}
    assert "2/6: Preferred dealer chosen?" in desk.get(url, {"delivery": "today"}).content.decode()
    foreign = OrderedVehicle.objects.get(order_number="LX-2")
    assert desk.get(reverse("admin:garage_orderedvehicle_change", args=[foreign.pk])).status_code == 302
    page = desk.get(reverse("admin:garage_orderedvehicle_change", args=[order.pk])).content.decode()
    assert "Checklist of the delivery" in page
    assert "Terms of Use accepted</td><td>yes" in page
    assert "At your dealer</td>" in page


def test_delivery_or_404_takes_the_address_before_it_takes_the_account(owner, order):
    OrderedVehicle.objects.filter(pk=order.pk).update(account=None)
    assert delivery_or_404(owner, order.public_id, now=NOW).account == owner
