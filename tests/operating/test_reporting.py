"""Faults that are reported elsewhere: only where an address says so, and without anything personal."""

import json
import os
import subprocess
import sys

from tests.meta.test_layout import ROOT
from tests.operating.personal import PERSONAL


def test_a_fault_is_reported_with_its_route_and_ids_and_nothing_personal():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-m", "tests.operating.reported"]
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    sent = [json.loads(line) for line in run.stdout.splitlines()]
    [fault] = [event for event in sent if "exception" in event]
    [trace] = [event for event in sent if event.get("type") == "transaction"]
    # Without a database the page that says sorry fails as well.
    assert "ValueError" in {value["type"] for value in fault["exception"]["values"]}
    assert fault["transaction"] == "/brand.css"
    assert fault["request"] == {"method": "GET"}
    assert len(fault["tags"]["request_id"]) == 32
    assert trace["transaction"] == "/brand.css"
    assert [each for each in PERSONAL if each in run.stdout] == []


def test_nothing_is_reported_unless_an_address_is_named(settings):
    assert (settings.SENTRY_DSN, settings.SENTRY_TRACES) == ("", 0)
    assert "sentry_sdk" not in sys.modules
