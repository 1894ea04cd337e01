"""Moving in, by the command itself: killed again and again it ends with each row once (`make proof`: PROOF_MOVED).

A PostgreSQL of its own, which keeps what it has committed. What a run takes stands in docs/moving-in.md.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Account
from garage.models import Membership
from garage.registry.loading import load_file
from portal.models import AuditRecord, Origin, OutboxMessage
from subscriptions.ledger.check import check_ledger
from subscriptions.models import Contract, OldDocument, Payment, PaymentCard, Subscription, TakenOver
from tests import make, old_system
from tests.faults.own_database import own_database
from tests.garage.test_import_vehicles import HEADER, line
from tests.proof.results import note

pytestmark = pytest.mark.django_db(transaction=True)

CUSTOMERS = int(os.environ.get("PROOF_MOVED", "600"))
# What a page of an invoice with its fonts takes.
PDF_BYTES = 46_000
KINDS = ("account", "link", "card", "subscription", "document")
# Of all rows; one in each file.
KILLED_AT = (0.1, 0.3, 0.5, 0.7, 0.9)


@pytest.fixture
def database(tmp_path):
    with own_database(tmp_path / "server") as database:
        market = make.market()
        make.package("navigation", market=market)
        cars = tmp_path / "cars.csv"
        cars.write_text("\n".join([HEADER, *(line(number, plate=f"K{number}") for number in range(1, CUSTOMERS + 1))]))
        assert load_file(cars, now=timezone.now(), report=print).bad == 0
        yield database


@pytest.fixture
def directory(tmp_path) -> Path:
    folder = tmp_path / "old"
    pdf = b"%PDF-1.4\n".ljust(PDF_BYTES, b" ") + b"\n%%EOF\n"
    old_system.write_customers(folder, range(1, CUSTOMERS + 1), today=timezone.now().date(), pdf=pdf)
    return folder


def started(directory: Path, database, *options: str) -> subprocess.Popen[str]:
    """As somebody types it."""
    given = os.environ | {"DATABASE_URL": database.url, "MEDIA_ROOT": str(directory.parent / "files")}
    command = [sys.executable, "manage.py", "import_customers", str(directory), *options]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=given, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    told, _nothing = process.communicate()
    assert process.returncode == 0, told
    return told


def measured(process: subprocess.Popen[str]) -> dict[str, int]:
    """Until it has ended: seconds, CPU seconds of its own (not the database's), its most memory. Looked at while it
    runs: what is said of a child afterwards counts what its parent had."""
    began, own, cpu, most = time.monotonic(), psutil.Process(process.pid), 0.0, 0
    while process.poll() is None:
        with suppress(psutil.Error):
            times = own.cpu_times()
            cpu, most = times.user + times.system, max(most, own.memory_info().rss)
        time.sleep(0.05)
    said(process)
    return {"seconds": round(time.monotonic() - began), "CPU_seconds": round(cpu), "MB": most // 2**20}


def rows_in(database) -> list[int]:
    """By a connection of their own: what the command has committed so far."""
    models = (Account, Membership, PaymentCard, Subscription, Contract, Payment, TakenOver, OldDocument)
    return [model.objects.count() for model in models]


def test_killed_at_any_moment_it_goes_on_and_ends_with_each_row_once(database, directory):
    kills = 0
    for part in KILLED_AT:
        process = started(directory, database)
        while process.poll() is None and Origin.objects.count() < part * len(KINDS) * CUSTOMERS:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
    assert kills == len(KILLED_AT)
    assert "as the old system had them" in said(started(directory, database))
    assert rows_in(database) == [CUSTOMERS] * 8
    assert Origin.objects.count() == AuditRecord.objects.filter(what="taken over").count() + CUSTOMERS
    assert OutboxMessage.objects.filter(handler="activation_mail").count() == CUSTOMERS
    kept = [each for each in (directory.parent / "files").rglob("*.pdf") if each.stat().st_size > PDF_BYTES]
    assert len(kept) == CUSTOMERS
    assert [str(finding) for finding in check_ledger(now=timezone.now())] == []
    again = said(started(directory, database))
    assert f"subscriptions.csv: 0 taken, {CUSTOMERS} left, 0 refused" in again
    note("a move killed again and again", customers=CUSTOMERS, kills=kills)


def test_what_a_dry_run_and_a_run_take(database, directory):
    dry = measured(started(directory, database, "--dry-run"))
    assert not Account.objects.exists()
    run = measured(started(directory, database))
    assert rows_in(database) == [CUSTOMERS] * 8
    again = measured(started(directory, database))
    for campaign, counts in {"a dry run": dry, "a run": run, "the same again": again}.items():
        note(f"{campaign} of a move", rows=len(KINDS) * CUSTOMERS, **counts)
    # A batch at a time, and never the file.
    assert run["MB"] < 300
