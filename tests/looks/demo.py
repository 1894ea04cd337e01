"""The demo in a process group of its own, as people start it: compressed files, no debugging."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.looks.report import ROOT

READY_WITHIN_SECONDS = 300


@contextmanager
def running_demo(folder: Path) -> Iterator[str]:
    """Its address; what it made goes with the folder."""
    web, provider = _free_ports()
    chosen = {"PORTAL_MODE": "demo", "PORTAL_STATE_DIR": str(folder / "demo"), "PORT": web, "SANDBOX_PORT": provider}
    log = folder / "demo.log"
    command = [sys.executable, "manage.py", "demo"]
    with log.open("w") as written:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | chosen, stdout=written, stderr=written, start_new_session=True
        )
    try:
        _wait_for(log, process)
        yield f"http://localhost:{web}"
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)


def _free_ports() -> tuple[str, str]:
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1]), str(other.getsockname()[1])


def _wait_for(log: Path, process: subprocess.Popen) -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while "The portal is ready" not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(log.read_text()[-2000:])
        time.sleep(0.5)
