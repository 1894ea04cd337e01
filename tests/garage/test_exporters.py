"""What the export says of cars: no more than the pages do (A6, G11)."""

import pytest

from accounts.exporting import EXPORTERS
from garage.actions.add import add_vehicle_by_plate
from garage.actions.leave import end_membership
from garage.actions.prove import prove_access
from garage.models import Vehicle
from portal.refusals import Refusal
from tests import make


def exported(name, account):
    return list(EXPORTERS[name].rows(account))


@pytest.fixture
def seen_in_the_street(car, stranger):
    """Added by the plate that everybody can read; access is not proved, and was guessed once in vain."""
    link = add_vehicle_by_plate(account=stranger, plate=car.vehicle.plate, now=make.NOW, by=stranger)
    with pytest.raises(Refusal):
        prove_access(membership=link, odometer_km=1, now=make.NOW, by=stranger)
    return link


def test_G11_of_a_car_to_which_access_was_not_proved_the_export_has_what_was_typed(seen_in_the_street, stranger):
    [row] = exported("cars", stranger)
    vehicle = seen_in_the_street.vehicle
    assert (row["car"], row["vin"], row["colour"], row["plate"]) == (vehicle.plate, "", "", "")
    for name in ("odometer-tries", "proofs-of-access"):
        assert [each["car"] for each in exported(name, stranger)] == [vehicle.plate]
        assert vehicle.vin not in str(exported(name, stranger))


def test_G11_the_owner_has_all_of_it_and_after_the_end_no_plate_of_somebody_elses(car, owner):
    [row] = exported("cars", owner)
    assert (row["vin"], row["plate"]) == (car.vehicle.vin, car.vehicle.plate)
    assert [each["car"] for each in exported("control", owner)] == [car.vehicle.vin]
    end_membership(car, now=make.NOW, by=owner)
    Vehicle.objects.update(plate="NEW001")
    [row] = exported("cars", owner)
    assert (row["vin"], row["plate"]) == (car.vehicle.vin, car.vehicle.plate)
