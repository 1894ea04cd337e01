"""What a car is called to whoever has it, had it, or never proved access to it (G11, D4)."""

import pytest

from garage.actions.leave import end_membership
from garage.models import Membership, Vehicle
from garage.naming import car_name
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.run import charging_run
from subscriptions.models import Document
from tests import make


@pytest.fixture
def sold(car, owner):
    """The seller's link has ended, and the car has another plate since."""
    end_membership(car, now=make.NOW, by=owner)
    Vehicle.objects.update(plate="NEW001")
    return Vehicle.objects.get(pk=car.vehicle_id)


def test_G11_whoever_may_see_the_car_reads_its_plate_of_today(car, owner):
    Vehicle.objects.update(plate="NEW001")
    assert car_name(Vehicle.objects.get(), owner) == "NX 350h NEW001"


def test_G11_whoever_never_proved_access_reads_the_model(car, stranger):
    beside = make.linked(stranger, car.vehicle)
    assert car_name(car.vehicle, stranger) == "NX 350h"
    end_membership(beside, now=make.NOW, by=stranger)
    assert car_name(car.vehicle, stranger) == "NX 350h"


def test_D4_a_former_account_reads_the_plate_that_it_knew(sold, owner):
    assert car_name(sold, owner) == "NX 350h KAA001"


def test_D4_adding_a_sold_car_again_shows_no_more_until_access_is_proved(sold, owner):
    again = make.linked(owner, sold)
    Vehicle.objects.update(plate="NEW001")
    assert car_name(Vehicle.objects.get(), owner) == "NX 350h KAA001"
    make.prove_access(membership=again, odometer_km=make.ODOMETER_KM, now=make.NOW, by=owner)
    assert car_name(Vehicle.objects.get(), owner) == "NX 350h NEW001"


def test_D4_an_invoice_of_a_charge_that_turns_out_made_after_the_sale_names_the_old_plate(
    car, card, owner, market, digital_key, gateway, now
):
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="timeout_charged")
    assert make.subscription(car, package=digital_key, gateway=gateway).is_pending
    remove_vehicle(membership=car, confirmed=None, now=now, by=owner)
    Vehicle.objects.update(plate="NEW001")
    charging_run(market=market, now=now, gateway=gateway)
    assert {document.vehicle["plate"] for document in Document.objects.all()} == {"KAA001"}
    assert Membership.objects.get().plate_at_end == "KAA001"
