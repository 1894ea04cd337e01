"""A backup that is taken while customers are charged, restored onto a second server, and what must be found then.

`deploy/backup.sh` and `deploy/restore.sh` do it, as at night and in an emergency.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from portal import embedded
from portal.embedded import program
from subscriptions.actions.run import charging_run
from subscriptions.gateway import get_gateway
from subscriptions.ledger.check import check_ledger
from subscriptions.ledger.provider import compare_with_provider
from subscriptions.models import Payment
from tests.faults.actors import later
from tests.faults.at_once import in_background
from tests.faults.bank import CHARGE
from tests.faults.books import EVER, assert_books_are_right, assert_numbers_run_without_gap, database_settings
from tests.faults.celery_processes import eventually
from tests.proof.results import note

pytestmark = pytest.mark.django_db(transaction=True)

BATCH = int(os.environ.get("PROOF_OPERATING", "24"))
DEPLOY = settings.BASE_DIR / "deploy"


@pytest.fixture
def second_server(tmp_path_factory):
    """Another PostgreSQL with an empty database, as on the machine that takes the dead one's place."""
    folder = tmp_path_factory.mktemp("second")
    host = embedded.ensure_postgres(folder, durable=False)
    embedded.ensure_database("restored", host=host)
    yield {"NAME": "restored", "HOST": str(host), "USER": embedded.SUPERUSER}
    embedded.release_postgres(folder)


def url_of(reach: dict) -> str:
    return f"postgresql:///{reach['NAME']}?host={reach['HOST']}&user={reach['USER']}"


def script(name: str, *arguments: str, reach: dict, **environment: str) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"PG_BIN": str(program("psql").parent), "DATABASE_URL": url_of(reach)} | environment
    return subprocess.run([DEPLOY / name, *arguments], env=given, capture_output=True, text=True)


def paid() -> int:
    return Payment.objects.filter(status="succeeded").count()


def test_a_backup_of_a_running_portal_is_restored_whole_and_what_came_after_it_is_found(
    order, market, bank, today, tmp_path: Path, second_server, files
):
    order(BATCH)
    (files / "manuals").mkdir(exist_ok=True)
    (files / "manuals" / "one.pdf").write_bytes(b"a manual")
    bank.proxy.strike("delay", when=CHARGE, times=BATCH, seconds=0.3)
    run = partial(charging_run, market=market, now=today, gateway=get_gateway())
    with in_background(run) as running:
        eventually(lambda: len(bank.charged()) >= BATCH // 5)
        backed_up = script(
            "backup.sh", reach=database_settings(), BACKUP_DIR=str(tmp_path / "b"), MEDIA_ROOT=str(files)
        )
        running.result(timeout=120)
    assert backed_up.returncode == 0, backed_up.stderr
    [backup] = (tmp_path / "b").iterdir()
    assert_books_are_right(bank, now=later(today))
    assert paid() == BATCH
    restored = script("restore.sh", str(backup), reach=second_server, MEDIA_ROOT=str(tmp_path / "again"))
    assert restored.returncode == 0, restored.stderr
    assert (tmp_path / "again" / "manuals" / "one.pdf").read_bytes() == b"a manual"
    with speaking_to(second_server):
        kept = paid()
        assert kept < BATCH
        assert [str(finding) for finding in check_ledger(now=later(today, 10))] == []
        lost = list(compare_with_provider(gateway=bank.gateway, since=later(today) - EVER, now=later(today)))
        assert {each.check for each in lost} <= {"charge_unknown_to_us", "charge_not_booked"}
        # Whatever was under way in the backup is asked about and booked; what it knows nothing of is begun under the
        # same key, since keys are made of subscription, period and try: the provider answers with the charge it made.
        charging_run(market=market, now=later(today, 60), gateway=bank.gateway)
        assert (len(bank.charged()), paid()) == (BATCH, BATCH)
        assert_books_are_right(bank, now=later(today, 61))
        assert_numbers_run_without_gap()
        with pytest.raises(psycopg.errors.RaiseException), psycopg.connect(url_of(second_server)) as session:
            session.execute("DELETE FROM subscriptions_document")
    note("restored onto a second server", due=BATCH, paid_in_the_backup=kept, found_by_comparing=len(lost), paid=BATCH)


@contextmanager
def speaking_to(reach: dict) -> Iterator[None]:
    """All that follows uses the other server."""
    before = connections["default"]
    before.close()
    connections["default"] = DatabaseWrapper(before.settings_dict | reach, alias="default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = before


def test_a_backup_is_restored_into_an_empty_database_only(market, tmp_path):
    folder = tmp_path / "b"
    assert script("backup.sh", reach=database_settings(), BACKUP_DIR=str(folder)).returncode == 0
    [backup] = folder.iterdir()
    refused = script("restore.sh", str(backup), reach=database_settings())
    assert refused.returncode == 1
    assert "Restore into an empty one" in refused.stderr


def test_a_damaged_backup_is_not_restored(market, tmp_path, second_server):
    folder = tmp_path / "b"
    script("backup.sh", reach=database_settings(), BACKUP_DIR=str(folder))
    [backup] = folder.iterdir()
    next((backup / "database").glob("*.dat*")).write_bytes(b"rotten")
    refused = script("restore.sh", str(backup), reach=second_server)
    assert (refused.returncode, "FAILED" in refused.stderr + refused.stdout) == (1, True)


def test_a_backup_that_fails_leaves_nothing_that_looks_like_one(market, tmp_path):
    nobody = database_settings() | {"NAME": "not_there"}
    assert script("backup.sh", reach=nobody, BACKUP_DIR=str(tmp_path / "b")).returncode != 0
    assert list((tmp_path / "b").iterdir()) == []


def test_old_backups_go_and_the_newest_stay(market, tmp_path):
    for day in (1, 2, 3):
        (tmp_path / "b" / f"2026-01-0{day}T011500Z").mkdir(parents=True)
    assert (
        script("backup.sh", reach=database_settings(), BACKUP_DIR=str(tmp_path / "b"), BACKUP_KEEP="2").returncode == 0
    )
    kept = sorted(each.name for each in (tmp_path / "b").iterdir())
    assert kept[0] == "2026-01-03T011500Z"
    assert len(kept) == 2
