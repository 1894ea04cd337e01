"""The whole portal as processes: web, worker, beat; whoever ends is started again, as a supervisor would."""

import os
import random
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, RLock, Thread

import psutil
from django.conf import settings

from portal import embedded
from portal.embedded.valkey import Valkey
from tests.faults.bank import SECRET, WEBHOOK_SECRET
from tests.faults.celery_processes import kill_with_children

CELERY = ["celery", "-A", "tests.faults.worker"]
ALONE = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
LOOKED_AFTER_EVERY_SECONDS = 0.2


class Estate:
    def __init__(self, folder: Path, *, database_url: str, bank_url: str, mail_port: int, web_port: int) -> None:
        self.folder = folder
        self.restarts = 0
        self.site = f"http://127.0.0.1:{web_port}"
        self._web_port = web_port
        self._facts = {"DATABASE_URL": database_url, "SANDBOX_URL": bank_url, "SOAK_MAIL_PORT": str(mail_port)}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._is_over = Event()
        self._lock = RLock()

    def open(self) -> None:
        embedded.ensure_broker(self.folder)
        for name in self._commands():
            self._processes[name] = self._start(name)
        Thread(target=self._look_after, daemon=True).start()

    def close(self) -> None:
        self._is_over.set()
        with self._lock:
            for process in self._processes.values():
                kill_with_children(process)
        embedded.release_broker(self.folder)

    def kill(self, name: str) -> None:
        """With -9, all of it."""
        kill_with_children(self._processes[name])

    def kill_child(self, name: str) -> None:
        """With -9, one of its processes: it is the parent's to put another in its place."""
        with suppress(psutil.NoSuchProcess, IndexError):
            random.choice(psutil.Process(self._processes[name].pid).children(recursive=True)).kill()

    def end(self, name: str) -> None:
        """In order, as a new version is brought: what it has in hand it finishes, or gives back."""
        process = self._processes[name]
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        kill_with_children(process)

    def lose_the_broker(self) -> None:
        """Queue and cache come back empty."""
        server = Valkey(state_dir=self.folder)
        server.stop()
        server.start()

    @contextmanager
    def at_rest(self):
        """Nothing is started again; what runs ends in order."""
        self._is_over.set()
        for name in ("beat", "worker", "web"):
            self.end(name)
        yield

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _look_after(self) -> None:
        while not self._is_over.wait(LOOKED_AFTER_EVERY_SECONDS):
            with self._lock:
                for name, process in self._processes.items():
                    if process.poll() is not None and not self._is_over.is_set():
                        self._processes[name] = self._start(name)
                        self.restarts += 1

    def _commands(self) -> dict[str, list[str]]:
        web = ["--bind", f"127.0.0.1:{self._web_port}", "--workers", "2", "--threads", "4", "--no-control-socket"]
        return {
            "web": ["gunicorn", "portal.wsgi", *web],
            "worker": [*CELERY, "worker", "--concurrency", "2", *ALONE],
            "beat": [*CELERY, "beat", "--loglevel", "INFO", "--schedule", str(self.folder / "beat")],
        }

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", *self._commands()[name]]
        where = {"cwd": settings.BASE_DIR, "env": self._environment(), "start_new_session": True}
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, **where)

    def _environment(self) -> dict[str, str]:
        socket = embedded.broker_socket(self.folder)
        return (
            os.environ
            | self._facts
            | {
                "DJANGO_SETTINGS_MODULE": "tests.proof.soak.settings",
                "PORTAL_MODE": "test",
                "CELERY_BROKER_URL": f"redis+socket://{socket}",
                "SOAK_CACHE": f"unix://{socket}?db=1",
                "FAULTS_MAILS": str(self.folder),
                "SANDBOX_SECRET": SECRET,
                "WEBHOOK_SECRETS": WEBHOOK_SECRET,
            }
        )
