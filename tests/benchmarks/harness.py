"""Interleaved slices and their ratios: what is compared runs in the same minutes, in an order drawn each round."""

import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Variant:
    """One way of doing the work. `prepare` is not timed; `work` goes on for about so many seconds and says how often.

    What has to prepare while it works says how long the work itself took, too; its CPU is then not known.
    """

    name: str
    work: Callable[[float], int | tuple[int, float]]
    prepare: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Slice:
    """What one variant did in one round; CPU in milliseconds of our processes and of the database's."""

    count: int
    seconds: float
    app_ms: float
    database_ms: float

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    @property
    def app_ms_each(self) -> float:
        return self.app_ms / self.count

    @property
    def database_ms_each(self) -> float:
        return self.database_ms / self.count


Slices = dict[str, list[Slice]]


class NothingDone(Exception):
    """A slice without a single piece of work: its rate would be a lie."""


def interleave(variants: Sequence[Variant], *, rounds: int, slice_s: float, cpu: "Cpu", seed: int = 1) -> Slices:
    """Runs every variant once a round, in an order drawn anew; before that each once for a moment, uncounted."""
    drawn = random.Random(seed)
    for variant in variants:
        _run(variant, slice_s / 4, cpu)
    done: Slices = {variant.name: [] for variant in variants}
    for _ in range(rounds):
        for variant in drawn.sample(variants, len(variants)):
            done[variant.name].append(_run(variant, slice_s, cpu))
    return done


def _run(variant: Variant, seconds: float, cpu: "Cpu") -> Slice:
    variant.prepare()
    app, database = cpu.read()
    began = time.perf_counter()
    done = variant.work(seconds)
    count, took = done if isinstance(done, tuple) else (done, time.perf_counter() - began)
    app_after, database_after = cpu.read()
    if not count:
        raise NothingDone(variant.name)
    return Slice(count, took, 1000 * (app_after - app), 1000 * (database_after - database))


class Cpu:
    """CPU seconds used so far by this process with its children, and by the database's processes; ticks of 10 ms."""

    def __init__(self, postmaster: Path | None = None) -> None:
        """`postmaster` is the file with the number of the database's first process."""
        self._database = psutil.Process(int(postmaster.read_text().split()[0])) if postmaster else None
        self._ourselves = psutil.Process()

    def read(self) -> tuple[float, float]:
        return _tree_seconds(self._ourselves), _tree_seconds(self._database) if self._database else 0.0


def _tree_seconds(root: psutil.Process) -> float:
    """With what children that have ended had used, which their parent inherits."""
    return sum(_seconds(process.pid) for process in [root, *root.children(recursive=True)])


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    # utime, stime, cutime, cstime
    return sum(map(int, fields[11:15])) * TICK


@dataclass(frozen=True)
class Spread:
    """Median and quartiles of some figures."""

    median: float
    lower: float
    upper: float


def spread(figures: Sequence[float]) -> Spread:
    if len(figures) < 2:
        return Spread(figures[0], figures[0], figures[0])
    lower, median, upper = statistics.quantiles(figures, n=4, method="inclusive")
    return Spread(median, lower, upper)


def ratios(done: Slices, name: str, to: str) -> list[float]:
    """How many times as fast as the other one, round by round."""
    return [ours.rate / theirs.rate for ours, theirs in zip(done[name], done[to], strict=True)]


def rates(done: Slices, name: str) -> list[float]:
    return [each.rate for each in done[name]]
