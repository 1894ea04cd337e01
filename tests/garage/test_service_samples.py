"""The demo's cars have a history, some are booked in, and somebody at the dealer sees it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account
from garage.models import Booking, ServiceRecord, Workshop, WorkshopStaff
from tests import make
from tests.meta.test_layout import ROOT

SAMPLES = ROOT / "portal" / "data" / "lexus_cy"


@pytest.fixture
def loaded(market):
    for name in ("dealers", "maintenance", "workshops"):
        call_command(f"load_{name}", str(SAMPLES / f"{name}.yaml"), stdout=StringIO())


def test_histories_and_bookings_are_brought_once(loaded, car, market):
    mechanic = Account.objects.create_user("dealer@example.com", make.PASSWORD, market=market, is_staff=True)
    call_command("bring_service_history")
    call_command("bring_service_history")
    records = ServiceRecord.objects.filter(vehicle=car.vehicle).order_by("done_on")
    assert [record.is_own for record in records] == [False, False, True]
    assert Booking.objects.get().vehicle == car.vehicle
    assert WorkshopStaff.objects.get().account == mechanic
    assert WorkshopStaff.objects.get().workshop == Workshop.objects.get(dealer__code="sample-nicosia")


def test_samples_belong_to_a_demo(loaded, settings):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="belong to a demo"):
        call_command("bring_service_history")
