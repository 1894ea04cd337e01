"""The demo's sample data adds up, as it is loaded and after its first run."""

from contextlib import closing
from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Account
from garage.models import RegistryEntry, VehicleState
from portal.demo.samples import SAMPLE_DATA
from portal.models import Market
from subscriptions.actions.run import charging_run
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.ledger.check import check_ledger
from subscriptions.models import Subscription
from tests import make
from tests.clean_ledger import latest
from tests.valid_documents import assert_documents_keep_the_rules


@pytest.fixture(autouse=True)
def _in_the_morning():
    """One story's charge is unknown since ten o'clock of the day before, until the first run asks: later than ten the
    ledger rightly says that it takes too long."""
    with time_machine.travel(datetime.now(UTC).replace(hour=9, minute=0)):
        yield


def test_the_ledger_of_the_sample_data_is_clean(db, settings, tmp_path):
    settings.SANDBOX_STATE = tmp_path / "sandbox.sqlite3"
    for command, words in SAMPLE_DATA:
        if command == "let_sample_people_in":
            Account.objects.create_user("agent@example.com", make.PASSWORD, market=Market.objects.get(), is_staff=True)
        else:
            call_command(command, *words, stdout=StringIO())
    assert Subscription.objects.count() > 10
    readings = dict(RegistryEntry.objects.values_list("vin", "odometer_km"))
    reported = dict(VehicleState.objects.values_list("period__vehicle__vin", "odometer_km"))
    assert reported == {vin: readings[vin] for vin in reported}
    assert list(check_ledger(now=latest())) == []
    now = timezone.now()
    with closing(SandboxProvider(settings.SANDBOX_STATE, clock=lambda: now)) as provider:
        charging_run(market=Market.objects.get(), now=now, gateway=InProcessGateway(provider))
    assert list(check_ledger(now=now)) == []
    assert assert_documents_keep_the_rules() > 10
