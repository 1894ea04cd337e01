"""What every suite of the benchmark is given: three databases alive at once, and one way of measuring."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.benchmarks.databases import Database, People, Server
from tests.benchmarks.harness import Cpu, Slice, Slices, Variant, interleave, spread

NAMES = ("small", "middle", "large")


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
    # Customers of the databases that pages are read from, and on how many days of a month they came.
    people: tuple[int, ...]
    days: int
    # Slices in which a page is read, and tasks after which a worker is looked at for the last time.
    page_slice_s: float
    tasks: int
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
    people=(10_000, 100_000, 1_000_000),
    days=20,
    page_slice_s=1.0,
    tasks=100_000,
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
    people=(40,),
    days=1,
    page_slice_s=0.03,
    tasks=1_000,
    may_install=False,
)


class Bench:
    """`folder` is where a suite may keep what it needs from run to run. Databases are made when they are asked for."""

    def __init__(self, server: Server, extent: Extent, *, folder: Path) -> None:
        self.server = server
        self.extent = extent
        self.folder = folder
        self._cpu = Cpu(server.postmaster)
        self._made: dict[str, Database] = {}

    def database(self, name: str) -> Database:
        extent = self.extent
        if name not in self._made:
            size = dict(zip(NAMES, extent.sizes, strict=True))[name]
            self._made[name] = self.server.database(name, size=size, due=extent.due)
        return self._made[name]

    @property
    def databases(self) -> list[Database]:
        """Of the three sizes, the smallest first."""
        return [self.database(name) for name in NAMES]

    @cached_property
    def people(self) -> list[People]:
        """Databases of customers who live by the rules, the smallest first."""
        return [self.server.people(size, days=self.extent.days) for size in self.extent.people]

    @property
    def middle(self) -> Database:
        """Where nothing is said of sizes, it is measured here."""
        return self.database("middle")

    def close(self) -> None:
        """The templates are kept, what was measured in is not."""
        for database in self._made.values():
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
