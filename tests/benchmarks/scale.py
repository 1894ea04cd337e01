"""Ten thousand, a hundred thousand and a million live subscriptions; one, two and four workers."""

import time
from collections.abc import Sequence

from portal import outbox
from tests.benchmarks import portal_side
from tests.benchmarks.bench import Bench, collecting, cpu_each
from tests.benchmarks.databases import Database
from tests.benchmarks.harness import Variant, rates, ratios, spread
from tests.benchmarks.population import DAY_AFTER, DUE_AT
from tests.benchmarks.provider import InstantProvider
from tests.benchmarks.report import Found, Line
from tests.benchmarks.workers import Workers


def measure_sizes(bench: Bench) -> Found:
    variants = [
        collecting(f"{database.size:,}", database, _collect_whole, at_once=bench.extent.portion)
        for database in bench.databases
    ]
    with outbox.asleep():
        done = bench.interleave(variants)
    small, *_, large = (variant.name for variant in variants)
    seconds, due = _finding(bench.databases[-1], times=bench.extent.rounds)
    flat = ratios(done, large, to=small)
    return [
        *(
            Line(
                f"d{number}",
                f"{size} live subscriptions: charges a second",
                "/s",
                rates(done, size),
                beside=cpu_each(done[size]),
            )
            for number, size in enumerate(done, 1)
        ),
        Line("d4", f"Rate at {large} to the rate at {small}", "", flat, at_least=0.8),
        Line("d5", f"Finding what is due at {large}", "s", seconds, beside=f"{due:,} due", at_most=1.0),
    ]


def _collect_whole(subscription_ids: Sequence[int]) -> int:
    provider = InstantProvider()
    portal_side.collect_whole(subscription_ids, now=DUE_AT, gateway=provider)
    return len(provider.charged)


def _finding(database: Database, *, times: int) -> tuple[list[float], int]:
    """Seconds to find what is due on the day after, when a day's share of all others is due, too; and how many."""
    database.refill()
    seconds, due = [], 0
    for _ in range(times):
        began = time.perf_counter()
        due = len(portal_side.due_ids(now=DAY_AFTER))
        seconds.append(time.perf_counter() - began)
    return seconds, due


def measure_workers(bench: Bench) -> Found:
    database = bench.middle
    with Workers(database, 4, portion=bench.extent.portion) as workers:
        variants = [
            Variant(str(count), lambda seconds, count=count: workers.collect(seconds, count=count), database.refill)
            for count in (1, 2, 4)
        ]
        done = bench.interleave(variants)
    beside = ", ".join(f"{count}: {spread(rates(done, count)).median:.0f}/s" for count in done)
    return [
        Line("e1", "4 workers to 2 workers", "", ratios(done, "4", to="2"), beside=beside, at_least=0.8),
        Line("e2", "Numbers missing or given twice", "", [_wrong_numbers(database)], at_most=0),
        Line("e3", "Charges made twice", "", [len(workers.charged_twice)], at_most=0),
    ]


def _wrong_numbers(database: Database) -> int:
    """Of the one series of invoices: gaps, repeats, and a counter that is not where it should be."""
    [(rows, different, last)] = database.rows(
        "SELECT count(*), count(DISTINCT sequence), max(sequence) FROM subscriptions_document WHERE kind = 'invoice'"
    )
    [(counter,)] = database.rows("SELECT last_number FROM subscriptions_numberseries WHERE kind = 'invoice'")
    return (rows - different) + (last - different) + abs(counter - last)
