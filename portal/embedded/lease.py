"""Who uses an embedded server: each process holds a shared lock, the last one stops the server.

The kernel drops a lock with its process, whatever ended it, so a kill -9 leaves nothing to clear up. Starting and
stopping happen under a second, exclusive lock, so that two processes never do so at once.
"""

import atexit
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from portal.embedded.places import EmbeddedServiceError, make_folder


class Server(Protocol):
    """A server that the processes of one state folder share."""

    @property
    def name(self) -> str: ...
    @property
    def state_dir(self) -> Path: ...

    def answers(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


# Lock file descriptors of this process, with the server they stand for.
_leases: dict[tuple[str, Path], tuple[int, Server]] = {}
_threads = threading.RLock()


def ensure(server: Server) -> None:
    """Make the server run, and keep it until `release` or the end of the process. Raises `EmbeddedServiceError`."""
    with _threads:
        if _key(server) in _leases and server.answers():
            return
        make_folder(server.state_dir, state_dir=server.state_dir)
        with _exclusively(server):
            _join(server)
            if not server.answers():
                server.start()


def release(server: Server) -> None:
    """Give the server up; the last process that does so stops it."""
    with _threads:
        held = _leases.pop(_key(server), None)
        # Without its folder there is no lock to take; PostgreSQL notices that and ends by itself.
        if held is None or not server.state_dir.is_dir():
            return
        descriptor, started = held
        with _exclusively(server):
            try:
                if _is_last(descriptor):
                    started.stop()
            finally:
                # A forked child may still hold a copy of the descriptor: closing alone would not unlock.
                fcntl.flock(descriptor, fcntl.LOCK_UN)
                os.close(descriptor)


def stop_unused(server: Server) -> None:
    """Stop a server that a killed process left running. Raises `EmbeddedServiceError` if somebody uses it."""
    with _threads:
        make_folder(server.state_dir, state_dir=server.state_dir)
        with _exclusively(server):
            _join(server)
        release(server)
        if server.answers():
            raise EmbeddedServiceError(f"Another program uses the {server.name} of {server.state_dir}. End it first.")


@atexit.register
def release_all() -> None:
    """Give up every server of this process, in the opposite order of their start."""
    for _, server in reversed(list(_leases.values())):
        release(server)


def _key(server: Server) -> tuple[str, Path]:
    return server.name, server.state_dir


@contextmanager
def _exclusively(server: Server) -> Iterator[None]:
    descriptor = _open(server.state_dir / f"{server.name}.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _join(server: Server) -> None:
    if _key(server) not in _leases:
        descriptor = _open(server.state_dir / f"{server.name}.users")
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _leases[_key(server)] = descriptor, server


def _is_last(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise EmbeddedServiceError(
            f"Cannot write to {path} ({error.strerror}). "
            "Give this user the right to write there, or set PORTAL_STATE_DIR to a folder of its own."
        ) from error


def _forget_in_child() -> None:
    """A forked child is no user yet: it would otherwise stop, at its own end, the server its parent still uses."""
    global _threads
    _threads = threading.RLock()
    for descriptor, _ in _leases.values():
        with suppress(OSError):
            os.close(descriptor)
    _leases.clear()


os.register_at_fork(after_in_child=_forget_in_child)
