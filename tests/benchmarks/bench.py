"""What every suite of the benchmark is given: three databases alive at once, and one way of measuring."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.databases import Database, Server
from tests.benchmarks.harness import Cpu, Slice, Slices, Variant, interleave, spread


@dataclass(frozen=True)
class Extent:
    """How long, how large and how many at once; `full` is what the page shows, `quick` shows that everything runs."""

    rounds: int
    slice_s: float
    # Live subscriptions of the three databases, and how many are due in each.
    sizes: tuple[int, int, int]
    due: int
    batch: int
    calls_at_once: int
    # Of the customer whose history is long.
    documents: int
    # Whether django-plans may be fetched from the package index.
    may_install: bool

    @property
    def portion(self) -> int:
        """Subscriptions that a worker takes on as one piece of work."""
        return 2 * self.batch


FULL = Extent(
    rounds=9,
    slice_s=2.0,
    sizes=(10_000, 100_000, 1_000_000),
    due=4_000,
    batch=100,
    calls_at_once=32,
    documents=2_000,
    may_install=True,
)
QUICK = Extent(
    rounds=3,
    slice_s=0.2,
    sizes=(200, 400, 800),
    due=100,
    batch=10,
    calls_at_once=8,
    documents=60,
    may_install=False,
)


class Bench:
    """`folder` is where a suite may keep what it needs from run to run."""

    def __init__(self, server: Server, extent: Extent, *, folder: Path) -> None:
        self.server = server
        self.extent = extent
        self.folder = folder
        names = ("small", "middle", "large")
        self.databases = [
            server.database(name, size=size, due=extent.due) for name, size in zip(names, extent.sizes, strict=True)
        ]
        self._cpu = Cpu(server.postmaster)

    @property
    def middle(self) -> Database:
        """Where nothing is said of sizes, it is measured here."""
        return self.databases[1]

    def close(self) -> None:
        """The templates are kept, what was measured in is not."""
        for database in self.databases:
            database.drop()

    def interleave(self, variants: Sequence[Variant], *, slice_s: float | None = None) -> Slices:
        extent = self.extent
        return interleave(variants, rounds=extent.rounds, slice_s=slice_s or extent.slice_s, cpu=self._cpu)


def collecting(name: str, database: Database, collect: Callable[[list[int]], int], *, at_once: int) -> Variant:
    """Collects so many at once of what is due, until the time is over or nothing is left."""

    def work(seconds: float) -> int:
        until, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < until and (ids := database.take(at_once)):
            count += collect(ids)
        return count

    return Variant(name, work, database.refill)


def cpu_each(slices: Sequence[Slice]) -> str:
    """Of one piece of work: our milliseconds and the database's."""
    ours = spread([each.app_ms_each for each in slices]).median
    database = spread([each.database_ms_each for each in slices]).median
    return f"CPU {ours:.2f} + {database:.2f} ms"
