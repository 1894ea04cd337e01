"""A deploy in the middle of a collecting run, and how each process ends when it is asked to (fault 40).

Real processes, ended as systemd ends them: TERM to the parent, KILL after a time.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest
from django.conf import settings

from subscriptions.actions.run import charging_run
from subscriptions.models import Payment
from tests.faults.actors import later
from tests.faults.bank import CHARGE, free_port
from tests.faults.books import assert_books_are_right, database_settings
from tests.faults.celery_processes import at_work, comes_to_rest, eventually, kill_with_children
from tests.faults.test_workers import RUN, assert_told_once, paid
from tests.proof.results import note

pytestmark = pytest.mark.django_db(transaction=True)

BATCH = int(os.environ.get("PROOF_OPERATING", "24"))
SLOW_SECONDS = 1.5


@pytest.fixture
def shift(bank, tmp_path):
    with at_work(bank, tmp_path) as shift:
        yield shift


def end(process: subprocess.Popen[bytes], *, seconds: float = 60) -> float:
    """TERM, as a supervisor sends it; how long it took. All its children are gone then."""
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    began = time.monotonic()
    process.terminate()
    process.wait(seconds)
    _gone, alive = psutil.wait_procs(family[1:], timeout=5)
    assert alive == []
    return time.monotonic() - began


def test_workers_that_are_replaced_in_the_middle_of_a_run_finish_what_they_have_begun(order, shift, bank, today):
    """The old one gets TERM while it charges, the new one is there already, as with a deploy machine by machine."""
    order(BATCH)
    bank.proxy.strike("delay", when=CHARGE, times=BATCH, seconds=0.05)
    old = shift.start_worker()
    shift.send(RUN)
    eventually(lambda: len(bank.charged()) >= BATCH // 5)
    shift.start_worker()
    seconds = end(old)
    assert old.returncode == 0
    assert not Payment.objects.filter(status__in=["started", "unknown"]).exists()
    eventually(lambda: paid() == BATCH)
    comes_to_rest(lambda: shift.message_ids())
    assert (len(bank.charged()), Payment.objects.count()) == (BATCH, BATCH)
    assert_told_once(shift)
    assert_books_are_right(bank, now=later(today))
    note(
        "workers replaced in the middle of a run", due=BATCH, charged=len(bank.charged()), seconds_to_end=round(seconds)
    )


def test_a_worker_that_does_not_end_in_its_time_is_killed_and_nothing_is_lost(order, shift, market, bank, today):
    order(BATCH)
    bank.proxy.strike("delay", when=CHARGE, times=BATCH, seconds=1.0)
    old = shift.start_worker()
    shift.send(RUN)
    eventually(lambda: Payment.objects.filter(status="started").exists())
    old.terminate()
    time.sleep(1)
    kill_with_children(old)
    bank.proxy.calm()
    shift.start_worker()
    comes_to_rest(paid, seconds=5.0)
    charging_run(market=market, now=later(today, 60), gateway=bank.gateway)
    assert (len(bank.charged()), paid(), Payment.objects.count()) == (BATCH, BATCH, BATCH)
    assert_books_are_right(bank, now=later(today, 60))
    note("a worker killed after its time to end", due=BATCH, charged=len(bank.charged()))


def test_beat_ends_at_once_and_goes_on_where_it_was(order, shift, bank):
    order(1)
    shift.start_worker()
    shift.start_beat()
    eventually(lambda: paid() == 1)
    beat = shift._processes[-1]
    seconds = end(beat, seconds=10)
    assert beat.returncode == 0
    note("beat ended", seconds_to_end=round(seconds))


@pytest.fixture
def web(bank, tmp_path: Path):
    """gunicorn as `gunicorn.conf.py` sets it up, with a page that takes its time."""
    port = free_port()
    reach = database_settings()
    environment = os.environ | {
        "PORTAL_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"postgresql:///{reach['NAME']}?host={reach['HOST']}&user={reach['USER']}",
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "2",
        "METRICS_TOKEN": "of these tests",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "counted"),
        "LOG_FORMAT": "json",
        "SLOW_SECONDS": str(SLOW_SECONDS),
    }
    (tmp_path / "counted").mkdir()
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "tests.proof.slow_wsgi"]
    with (tmp_path / "web.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: answers(f"{url}/alive/"))
        yield process, url, tmp_path / "web.log"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, timeout=60).status_code == 200
    except httpx.TransportError:
        return False


def test_the_web_lets_requests_end_takes_no_new_ones_and_counts_together(market, web):
    process, url, log = web
    for _ in range(8):
        assert httpx.get(f"{url}/en/", trust_env=False, timeout=60).status_code == 200
    numbers = httpx.get(
        f"{url}/metrics/", headers={"Authorization": "Bearer of these tests"}, trust_env=False, timeout=60
    ).text
    assert 'portal_requests_total{method="GET",route="home",status="200"} 8.0' in numbers
    with subprocess.Popen(["curl", "--silent", "--noproxy", "*", f"{url}/en/?slow"], stdout=subprocess.PIPE) as slow:
        time.sleep(0.5)
        seconds = end(process)
        assert b"</html>" in slow.stdout.read()
    assert process.returncode == 0
    assert not answers(f"{url}/alive/")
    written = log.read_text()
    assert all(line.startswith("{") for line in written.splitlines()), written
    assert "?slow" not in written
    note("web ended with a request under way", seconds_to_end=round(seconds))
