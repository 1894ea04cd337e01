"""The daily sweep tells of each charge and end to come once, however often it runs and wherever it is killed (S9, C5).

Here a few cars; `make proof` has PROOF_NOTICES of them. One process is killed -9 amid its work, two run at once, then a
third finds nothing left to tell. Each notice has its mail in the outbox and its record in the audit trail, once.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.db import connection
from django.db.models import Count

from accounts.models import Notice
from portal.models import AuditRecord, OutboxMessage
from tests import make
from tests.faults.books import database_settings
from tests.meta.test_layout import ROOT
from tests.proof.awaiting import KINDS, populate
from tests.proof.results import note

pytestmark = pytest.mark.django_db(transaction=True)

CARS = int(os.environ.get("PROOF_NOTICES", "400"))
BATCH = max(10, min(500, CARS // 50))
LONGEST_SECONDS = 3 * 60 * 60


@pytest.fixture
def sweeper(market):
    """Begins a sweep in a process of its own."""
    orders = json.dumps({"database": database_settings(), "now": make.NOW.isoformat(), "batch": BATCH})
    command = [sys.executable, "-m", "tests.proof.sweeper", orders]
    return lambda: subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)


def test_S9_each_notice_once_though_it_is_killed_doubled_and_run_again(market, navigation, sweeper):
    known = connection.settings_dict
    conninfo = f"host={known['HOST']} user={known['USER']} dbname={known['NAME']}"
    populate(conninfo=conninfo, market=market, size=CARS, today=market.local_date(make.NOW))
    killed_after = _kill_amid(sweeper())
    began = time.monotonic()
    _finish(sweeper(), sweeper())
    seconds = time.monotonic() - began
    told = Counter(Notice.objects.values_list("kind", flat=True))
    assert told == {kind: CARS // len(KINDS) for kind in KINDS if kind}
    _finish(sweeper())
    assert Notice.objects.count() == told.total()
    assert not Notice.objects.values("account").annotate(count=Count("pk")).filter(count__gt=1).exists()
    mails = OutboxMessage.objects.filter(handler="notice_mail").values("payload__notice_id").distinct().count()
    assert (mails, AuditRecord.objects.filter(what="notice").count()) == (told.total(), told.total())
    rate = round((told.total() - killed_after) / seconds)
    note(
        "notices of a day",
        cars=CARS,
        notices=told.total(),
        **{"told when it was killed": killed_after, "a second": rate},
    )


def _kill_amid(process: subprocess.Popen) -> int:
    """Once some are told, and others are not; how many are."""
    while Notice.objects.count() < CARS // 10:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    process.kill()
    process.communicate()
    count = Notice.objects.count()
    assert 0 < count < CARS * 4 // 5
    return count


def _finish(*processes: subprocess.Popen) -> None:
    for process in processes:
        _out, complaints = process.communicate(timeout=LONGEST_SECONDS)
        assert (process.returncode, complaints) == (0, b"")
