"""The demo's cars have a last state, and one a warning light (G10)."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from garage.last_state import last_states
from garage.models import VehicleAlert, VehicleReport
from tests import make


@pytest.fixture
def andreas(market):
    make.dealer(market)
    return make.account("andreas@example.com", market=market)


def test_each_car_that_somebody_controls_reports_once_however_often_it_is_asked(andreas, owner):
    now = timezone.now() - timedelta(days=30)
    cars = [make.active_car(andreas, 1, now=now, powertrain="electric"), make.active_car(owner, 2, now=now)]
    call_command("report_sample_cars")
    call_command("report_sample_cars")
    assert VehicleReport.objects.count() == 2
    state = last_states(andreas.pk, [cars[0].vehicle_id])[cars[0].vehicle_id]
    assert (state.has("charge"), state.has("fuel"), state.values["warning_lights"]) == (True, False, ["tyre_pressure"])
    assert set(VehicleAlert.objects.values_list("alert", flat=True)) == {"warning_light", "window_open"}
    andreas.refresh_from_db()
    assert andreas.preferred_dealer


def test_production_has_no_sample_reports(settings, db):
    settings.MODE = "production"
    with pytest.raises(CommandError):
        call_command("report_sample_cars")
