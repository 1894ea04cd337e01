"""Collecting: the database part against hand-written SQL and against django-plans, a distant provider, a million
subscriptions, and several workers."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal import outbox
from tests.benchmarks import documents, portal_side, same_rows
from tests.benchmarks.databases import Database, Server, lead_to
from tests.benchmarks.floor_sql import Floor
from tests.benchmarks.harness import Cpu, Slice, Slices, Variant, interleave, rates, ratios, spread
from tests.benchmarks.peers.plans import CannotBeInstalled, Plans
from tests.benchmarks.population import DAY_AFTER, DUE_AT, DUE_ON
from tests.benchmarks.provider import DistantProvider, InstantProvider
from tests.benchmarks.report import Found, Line, Skipped
from tests.benchmarks.workers import Workers

LATENCY_SECONDS = 0.2
# Far above what the calls in the air can reach, and well below it.
NO_LIMIT, LIMIT = 10_000.0, 100.0


@dataclass(frozen=True)
class Plan:
    """How long and how large; `full` is what the page shows, `quick` only shows that everything runs."""

    rounds: int
    slice_s: float
    sizes: tuple[int, int, int]
    due: int
    batch: int
    calls_at_once: int
    may_install: bool


FULL = Plan(
    rounds=9,
    slice_s=2.0,
    sizes=(10_000, 100_000, 1_000_000),
    due=4_000,
    batch=100,
    calls_at_once=32,
    may_install=True,
)
QUICK = Plan(rounds=3, slice_s=0.2, sizes=(200, 400, 800), due=100, batch=10, calls_at_once=8, may_install=False)


class Billing:
    """The three databases, alive at once so that slices of all of them interleave."""

    def __init__(self, server: Server, plan: Plan, *, environment: Path) -> None:
        self.plan = plan
        self._server = server
        self._environment = environment
        self._cpu = Cpu(server.postmaster)
        names = ("small", "middle", "large")
        self._databases = [
            server.database(name, size=size, due=plan.due) for name, size in zip(names, plan.sizes, strict=True)
        ]
        self._middle = self._databases[1]

    def measure(self) -> Iterator[Found]:
        """Findings as they are made."""
        with outbox.asleep():
            yield self._against_hand_written_sql()
            yield self._sizes()
        yield self._distant_provider()
        yield self._workers()
        yield self._typesetting()

    # Against hand-written SQL, and against django-plans

    def _against_hand_written_sql(self) -> Found:
        database = self._middle
        floor = Floor(database.conninfo, now=DUE_AT, today=DUE_ON, charge=lambda row: f"ch_{row['key']}")
        same_rows.check(database, portal=lambda each: _portal_one([each]), floor=lambda each: floor.collect([each]))
        variants = [
            _collecting("portal, one", database, _portal_one, at_once=1),
            _collecting("floor, one", database, floor.collect, at_once=1),
            _collecting("portal, batch", database, _portal_batch, at_once=self.plan.batch),
            _collecting("floor, batch", database, floor.collect, at_once=self.plan.batch),
        ]
        statements = self._statements(floor)
        with self._plans() as plans:
            if isinstance(plans, Plans):
                variants.append(Variant("django-plans", plans.work))
            done = self._interleave(variants)
        floor.close()
        return [
            _ratio("a1", "Paying one, in two transactions: portal to floor", done, "one", statements, at_least=0.39),
            _ratio("a2", f"{self.plan.batch} at a time: portal to floor", done, "batch", statements),
            Line(
                "a3",
                f"{self.plan.batch} at a time: charges a second, database part",
                "/s",
                rates(done, "portal, batch"),
                beside=_cpu(done["portal, batch"]),
                at_least=250,
            ),
            *self._against_plans(done, plans),
        ]

    @contextmanager
    def _plans(self) -> Iterator["Plans | str"]:
        """The other portal's process, or why it cannot be had."""
        try:
            plans = Plans(self._server, environment=self._environment, may_install=self.plan.may_install)
        except CannotBeInstalled as reason:
            yield str(reason)
            return
        try:
            yield plans
        finally:
            plans.close()

    def _statements(self, floor: Floor) -> dict[str, float]:
        """How many a charge takes, by variant; the same in every round."""
        database = self._middle
        database.refill()
        found = {}
        for name, at_once in (("one", 1), ("batch", self.plan.batch)):
            with portal_side.Statements() as sent:
                charged = (_portal_one if at_once == 1 else _portal_batch)(database.take(at_once))
            before, by_hand = floor.statements, floor.collect(database.take(at_once))
            found |= {f"portal, {name}": sent.count / charged, f"floor, {name}": (floor.statements - before) / by_hand}
        return found

    def _against_plans(self, done: Slices, plans: "Plans | str") -> Found:
        what = "Charges to renewals by django-plans' own task"
        if isinstance(plans, str):
            return [Skipped("c1", what, plans)]
        rate = spread(rates(done, "django-plans")).median
        beside = f"django-plans {rate:.1f}/s, {plans.statements_each:.0f} SQL"
        return [
            Line("c1", f"{what}, one at a time", "", ratios(done, "portal, one", to="django-plans"), beside=beside),
            Line(
                "c2",
                f"{what}, {self.plan.batch} at a time",
                "",
                ratios(done, "portal, batch", to="django-plans"),
                beside=beside,
                at_least=10,
            ),
        ]

    # Sizes

    def _sizes(self) -> Found:
        variants = [
            _collecting(f"{database.size:,}", database, _portal_batch, at_once=self.plan.batch)
            for database in self._databases
        ]
        done = self._interleave(variants)
        small, large = self._databases[0], self._databases[-1]
        finding, due = self._finding(large)
        return [
            *(
                Line(
                    f"d{number}",
                    f"{database.size:,} live subscriptions: charges a second",
                    "/s",
                    rates(done, f"{database.size:,}"),
                    beside=_cpu(done[f"{database.size:,}"]),
                )
                for number, database in enumerate(self._databases, 1)
            ),
            Line(
                "d4",
                f"Rate at {large.size:,} to the rate at {small.size:,}",
                "",
                ratios(done, f"{large.size:,}", to=f"{small.size:,}"),
                at_least=0.8,
            ),
            Line("d5", f"Finding what is due at {large.size:,}", "s", finding, beside=f"{due:,} due", at_most=1.0),
        ]

    def _finding(self, database: Database) -> tuple[list[float], int]:
        """Seconds to find what is due on the day after, when those of one more day are."""
        database.refill()
        seconds, due = [], 0
        for _ in range(self.plan.rounds):
            began = time.perf_counter()
            due = len(portal_side.due_ids(now=DAY_AFTER))
            seconds.append(time.perf_counter() - began)
        return seconds, due

    # A provider that answers late

    def _distant_provider(self) -> Found:
        calls, ideal = self.plan.calls_at_once, self.plan.calls_at_once / LATENCY_SECONDS
        far = DistantProvider(LATENCY_SECONDS, rate=NO_LIMIT)
        limited = DistantProvider(LATENCY_SECONDS, rate=LIMIT)
        variants = [
            self._in_the_air("far", far, turns_a_second=NO_LIMIT, expected=ideal),
            self._in_the_air("limited", limited, turns_a_second=LIMIT, expected=min(ideal, LIMIT)),
        ]
        done = self._interleave(variants, slice_s=4 * self.plan.slice_s)
        share = [rate / ideal for rate in rates(done, "far")]
        ours = [each.app_ms_each for each in done["far"]]
        database = spread([each.database_ms_each for each in done["far"]]).median
        reached = spread(rates(done, "limited")).median
        return [
            Line(
                "b1",
                f"Provider at 200 ms, {calls} calls in the air: of T / latency",
                "",
                share,
                beside=f"{spread(rates(done, 'far')).median:.0f} of {ideal:.0f} charges a second",
                at_least=0.95,
            ),
            Line("b2", "The same: our CPU a charge", "ms", ours, beside=f"database {database:.2f} ms", at_most=1.0),
            Line(
                "b3",
                f"The same under a limit of {LIMIT:.0f} calls a second: refused calls",
                "",
                [limited.refused],
                beside=f"{reached:.0f} charges a second",
                at_most=0,
            ),
        ]

    def _in_the_air(self, name: str, provider: DistantProvider, *, turns_a_second: float, expected: float) -> Variant:
        database, turns = self._middle, portal_side.turns(turns_a_second)

        def work(seconds: float) -> int:
            return portal_side.collect_in_the_air(
                database.take(round(seconds * expected)),
                now=DUE_AT,
                gateway=provider,
                calls_at_once=self.plan.calls_at_once,
                wait_for_turn=turns,
            )

        return Variant(name, work, database.refill)

    # Several workers

    def _workers(self) -> Found:
        database = self._middle
        with Workers(database, 4, batch=self.plan.batch) as workers:
            variants = [
                Variant(f"{count}", lambda seconds, count=count: workers.collect(seconds, count=count), database.refill)
                for count in (1, 2, 4)
            ]
            done = self._interleave(variants)
        per_second = ", ".join(f"{count}: {spread(rates(done, count)).median:.0f}/s" for count in ("1", "2", "4"))
        return [
            Line("e1", "4 workers to 2 workers", "", ratios(done, "4", to="2"), beside=per_second, at_least=0.8),
            Line("e2", "Numbers missing or given twice", "", [_wrong_numbers(database)], at_most=0),
            Line("e3", "Charges asked for twice", "", [len(workers.charged_twice)], at_most=0),
        ]

    def _typesetting(self) -> Found:
        done = self._interleave([Variant("documents", documents.work(self._middle))])
        return [Line("f1", "Invoices typeset a second by one core", "/s", rates(done, "documents"), at_least=20)]

    def _interleave(self, variants: Sequence[Variant], *, slice_s: float | None = None) -> Slices:
        return interleave(variants, rounds=self.plan.rounds, slice_s=slice_s or self.plan.slice_s, cpu=self._cpu)


def _collecting(name: str, database: Database, collect: Callable[[list[int]], int], *, at_once: int) -> Variant:
    """Collects what is due until the time is over, or nothing is left."""

    def work(seconds: float) -> int:
        until, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < until and (ids := database.take(at_once)):
            count += collect(ids)
        return count

    return Variant(name, work, database.refill)


def _portal_one(subscription_ids: Sequence[int]) -> int:
    return portal_side.pay_one(subscription_ids[0], now=DUE_AT, gateway=InstantProvider())


def _portal_batch(subscription_ids: Sequence[int]) -> int:
    return portal_side.collect_batch(subscription_ids, now=DUE_AT, gateway=InstantProvider())


def _ratio(
    code: str, what: str, done: Slices, name: str, statements: dict[str, float], *, at_least: float | None = None
) -> Line:
    portal, floor = f"portal, {name}", f"floor, {name}"
    beside = "; ".join(
        f"{side.split(',')[0]} {spread(rates(done, side)).median:.0f}/s, {statements[side]:.3g} SQL, {_cpu(done[side])}"
        for side in (portal, floor)
    )
    return Line(code, what, "", ratios(done, portal, to=floor), beside=beside, at_least=at_least)


def _cpu(slices: Sequence[Slice]) -> str:
    ours = spread([each.app_ms_each for each in slices]).median
    database = spread([each.database_ms_each for each in slices]).median
    return f"CPU {ours:.2f} + {database:.2f} ms"


def _wrong_numbers(database: Database) -> int:
    """Of the one series of invoices: gaps, repeats, and a counter that is not where it should be."""
    lead_to(database.name)
    [(rows, different, last)] = database.rows(
        "SELECT count(*), count(DISTINCT sequence), max(sequence) FROM subscriptions_document WHERE kind = 'invoice'"
    )
    [(counter,)] = database.rows("SELECT last_number FROM subscriptions_numberseries WHERE kind = 'invoice'")
    return (rows - different) + (last - different) + abs(counter - last)
