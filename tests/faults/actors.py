"""Processes that work for the portal and can be killed at every step: forked in milliseconds from a prepared one.

A step is a statement of SQL or a call of the provider; at half steps somebody can die before and after each of them.
So every gap is met: before and after each commit, between commit and call, between call and booking.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from threading import Timer
from typing import Any

PREPARED = multiprocessing.get_context("forkserver")
PREPARED.set_forkserver_preload(["tests.faults.prepared"])
KILLED = -signal.SIGKILL
MONEY_CALLS = ("charge", "refund", "find_charge", "find_refund")
PATIENCE_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What a process is to do at `now`, and at which half step (counted from 1) it is to die; 0: it lives."""

    act: str
    now: datetime
    database: dict[str, Any]
    bank_url: str
    dies_at: int = 0
    # How many of the transactions that write a document fail.
    rolls_back: float = 0.0
    settings: dict[str, Any] = field(default_factory=dict)


class Actor:
    """A process at work."""

    def __init__(self, orders: Orders) -> None:
        self._told, telling = PREPARED.Pipe(duplex=False)
        self._process: ForkServerProcess = PREPARED.Process(target=_live, args=(orders, telling), daemon=True)
        self._process.start()
        telling.close()

    def kill(self) -> None:
        self._process.kill()

    def kill_after(self, seconds: float) -> None:
        timer = Timer(seconds, self._process.kill)
        timer.daemon = True
        timer.start()

    def wait(self) -> tuple[int | None, int]:
        """Its exit code, and how many half steps it took (0 where it did not live to tell)."""
        try:
            steps = self._told.recv() if self._told.poll(PATIENCE_SECONDS) else 0
        except (EOFError, ConnectionError):
            steps = 0
        self._process.join(PATIENCE_SECONDS)
        self._told.close()
        return self._process.exitcode, steps


def _live(orders: Orders, telling: Connection) -> None:
    from tests.faults import prepared

    steps = Steps(dies_at=orders.dies_at)
    prepared.perform(orders, steps)
    telling.send(steps.taken)
    telling.close()


class Steps:
    """Counts half steps and dies at one of them, as a power cut would: nothing is cleared up."""

    def __init__(self, *, dies_at: int) -> None:
        self.taken = 0
        self._dies_at = dies_at

    def step(self) -> None:
        self.taken += 1
        if self.taken == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around_statement(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.step()
        try:
            return execute(*arguments)
        finally:
            self.step()

    def around_call(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(*arguments: Any, **named: Any) -> Any:
            self.step()
            try:
                return method(*arguments, **named)
            finally:
                self.step()

        return call


def later(now: datetime, minutes: int = 16) -> datetime:
    """When what a killed process has begun counts as abandoned."""
    return now + timedelta(minutes=minutes)
