"""One demo for a state folder, and what a killed one left behind."""

import fcntl
import getpass
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from portal.demo import DemoRefusal

# Everything that a demo starts inherits this, so that nothing else is ever ended.
RUN_VARIABLE = "PORTAL_DEMO_RUN"
RECORD = "demo.json"


@dataclass
class Run:
    """One start of the demo: its key in the environment, and its processes as [number, moment of creation]."""

    key: str
    processes: list[tuple[int, float]] = field(default_factory=list)

    def owns(self, process: psutil.Process) -> bool:
        """Living and ours. A number alone is not enough: it may belong to something else by now."""
        try:
            started = (process.pid, process.create_time())
            is_ours = started in self.processes or process.environ().get(RUN_VARIABLE) == self.key
            return is_ours and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def living(self) -> list[psutil.Process]:
        return [each for each in psutil.process_iter() if self.owns(each)]

    def end(self, *, patience: float) -> None:
        """Ask the recorded processes to end, for `patience` seconds, then kill what is left of them and their own."""
        recorded = [each for each in self.living() if each.pid in dict(self.processes)]
        for process in recorded:
            with suppress(psutil.Error):
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + patience
        while recorded and time.monotonic() < deadline and any(each in recorded for each in self.living()):
            time.sleep(0.1)
        living = self.living()
        for process in living:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(living, timeout=5)


@contextmanager
def claim(state_dir: Path) -> Iterator[None]:
    """Hold the state folder for this process. Raises `DemoRefusal` if it is not writable or another demo runs."""
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(state_dir / "demo.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise not_writable(error) from error
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DemoRefusal(
            "A demo is running already. Use it, stop it with Ctrl-C where it was started, "
            "or set PORTAL_STATE_DIR, PORT and SANDBOX_PORT for a second one."
        ) from None


def not_writable(error: OSError) -> DemoRefusal:
    """The refusal for a file or folder that this user may not write to."""
    return DemoRefusal(
        f"The user {_user()} cannot write to {error.filename} ({error.strerror}). "
        "Give this user the right to write there, or set PORTAL_STATE_DIR to a folder of its own."
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.geteuid())


def remember(run: Run, *, state_dir: Path) -> None:
    """Write down what was started, for the start after a kill -9."""
    unfinished = state_dir / f"{RECORD}.new"
    unfinished.write_text(json.dumps(asdict(run)))
    unfinished.replace(state_dir / RECORD)


def forget(*, state_dir: Path) -> None:
    (state_dir / RECORD).unlink(missing_ok=True)


def end_leftovers(*, state_dir: Path) -> None:
    """End what the previous demo of this folder left running, and nothing else."""
    with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
        written = json.loads((state_dir / RECORD).read_text())
        processes = [(int(pid), float(created)) for pid, created in written["processes"]]
        Run(key=written["key"], processes=processes).end(patience=6)
    forget(state_dir=state_dir)
