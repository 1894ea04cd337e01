"""The demo's processes: started in sessions of their own, watched, and ended together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from portal.demo import DemoRefusal
from portal.demo.claim import RUN_VARIABLE, Run, forget, remember

PATIENCE_SECONDS = 10
LAST_LINES = 20
# Loaded before any fork; only Linux can tie a child's life to its parent's.
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Child:
    """A process to run: `words` is its command line."""

    name: str
    words: Sequence[str]


@dataclass(frozen=True)
class Running:
    child: Child
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def running(
    children: Sequence[Child], *, environment: dict[str, str], state_dir: Path, folder: Path
) -> Iterator[list[Running]]:
    """Run the children in `folder` until the block ends, with logs and a record in `state_dir`."""
    run = Run(key=environment[RUN_VARIABLE])
    started: list[Running] = []
    (state_dir / "logs").mkdir(parents=True, exist_ok=True)
    remember(run, state_dir=state_dir)
    try:
        for child in children:
            started.append(
                _start(child, environment=environment, log=state_dir / "logs" / f"{child.name}.log", folder=folder)
            )
            process = started[-1].process
            with suppress(psutil.NoSuchProcess):
                run.processes.append((process.pid, psutil.Process(process.pid).create_time()))
            remember(run, state_dir=state_dir)
        yield started
    finally:
        _stop(started)
        run.end(patience=0)
        forget(state_dir=state_dir)


def check_alive(started: Sequence[Running]) -> None:
    """Raises `DemoRefusal` with the end of its log if one of the processes has ended."""
    for each in started:
        code = each.process.poll()
        if code is not None:
            raise DemoRefusal(f"The process '{each.child.name}' ended (code {code}). {end_of_log(each)}")


def end_of_log(each: Running) -> str:
    lines = each.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
    return f"The end of {each.log}:\n" + "\n".join(f"  {line}" for line in lines)


def _start(child: Child, *, environment: dict[str, str], log: Path, folder: Path) -> Running:
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(child.words),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C in the terminal reaches the demo alone, which then ends its children in order.
            start_new_session=True,
            # Safe, because the demo has one thread.
            preexec_fn=_end_with_parent(os.getpid()),
        )
    return Running(child=child, process=process, log=log)


def _end_with_parent(parent: int) -> Callable[[], None]:
    """After a kill -9 of the demo the kernel asks its children to end."""

    def before_exec() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            # The parent may have died before that.
            if os.getppid() != parent:
                os._exit(1)

    return before_exec


def _stop(started: Sequence[Running]) -> None:
    """The first child goes last: it is the payment provider, and the others may be in the middle of a charge."""
    for group in (started[1:], started[:1]):
        for each in group:
            each.process.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for each in group:
            with suppress(subprocess.TimeoutExpired):
                each.process.wait(max(0, deadline - time.monotonic()))
        for each in group:
            if each.process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(each.process.pid, signal.SIGKILL)
                each.process.wait()
