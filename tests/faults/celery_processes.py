"""Real Celery workers and beats on a broker of the test's own, in this test's database."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from celery import Celery
from django.conf import settings

from portal import embedded
from tests.faults.bank import SECRET, Bank
from tests.faults.books import database_settings

PATIENCE_SECONDS = 60


class Shift:
    """The broker, and the processes at work on it."""

    def __init__(self, bank: Bank, folder: Path) -> None:
        self._bank = bank
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self.mails = folder / "mails"
        self.mails.mkdir()
        embedded.ensure_broker(folder)

    @property
    def _broker_url(self) -> str:
        return f"redis+socket://{embedded.broker_socket(self._folder)}"

    def send(self, task: str, *, times: int = 1, **options: Any) -> None:
        """What the portal would publish."""
        with Celery(broker=self._broker_url, set_as_current=False) as app:
            for _ in range(times):
                app.send_task(task, **options)

    def lose_the_broker(self) -> None:
        """It comes back empty: nothing that was queued is left."""
        embedded.release_broker(self._folder)
        shutil.rmtree(embedded.broker_socket(self._folder).parent)
        embedded.ensure_broker(self._folder)

    def start_worker(self) -> subprocess.Popen[bytes]:
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        process = self._start("worker", "worker", "--concurrency", "2", "--loglevel", "INFO", *alone)
        eventually(lambda: self.log("worker").count(" ready.") == self._count("worker"))
        return process

    def start_beat(self) -> None:
        schedule = self._folder / f"beat-{len(self._processes)}"
        self._start("beat", "beat", "--loglevel", "INFO", "--schedule", str(schedule))

    def received(self) -> Counter[str]:
        """How often each message reached a worker, by its id."""
        return Counter(re.findall(r"Task \S+\[(\S+)\] received", self.log("worker")))

    def message_ids(self) -> list[str]:
        """Of all mails that were sent."""
        written = "".join(mail.read_text() for mail in self.mails.glob("*.log"))
        return re.findall(r"^Message-ID: (\S+)", written, re.MULTILINE)

    def log(self, name: str) -> str:
        path = self._folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def end(self) -> None:
        for process in self._processes:
            kill_with_children(process)
        embedded.release_broker(self._folder)

    def _count(self, name: str) -> int:
        return sum(name in process.args for process in self._processes)

    def _start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "celery", "-A", "tests.faults.worker", *words]
            process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )
        self._processes.append(process)
        return process

    def _environment(self) -> dict[str, str]:
        reach = database_settings()
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
            "PORTAL_MODE": "test",
            "DATABASE_URL": f"postgresql:///{reach['NAME']}?host={reach['HOST']}&user={reach['USER']}",
            "CELERY_BROKER_URL": self._broker_url,
            "SANDBOX_URL": self._bank.url,
            "SANDBOX_SECRET": SECRET,
            "FAULTS_MAILS": str(self.mails),
        }


def kill_with_children(process: subprocess.Popen[bytes]) -> None:
    """With -9, the parent first, so that it can mourn nobody."""
    family = [process, *_children(process.pid)]
    for each in family:
        each.kill()
    process.wait()


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def eventually(is_so: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "It did not come to that in time."
        time.sleep(0.1)


def comes_to_rest(state: Callable[[], Any], *, seconds: float = 3.0) -> None:
    """Waits until `state` has been the same for so long."""
    last, since, deadline = state(), time.monotonic(), time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < since + seconds:
        assert time.monotonic() < deadline, "It does not come to rest."
        time.sleep(0.2)
        if (now := state()) != last:
            last, since = now, time.monotonic()


@contextmanager
def at_work(bank: Bank, folder: Path) -> Iterator[Shift]:
    shift = Shift(bank, folder)
    try:
        yield shift
    finally:
        shift.end()
