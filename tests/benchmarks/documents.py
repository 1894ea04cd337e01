"""Documents typeset a second, by one process, which is one core (the typesetter is held by a lock)."""

import time
from collections.abc import Callable
from itertools import count

from subscriptions.invoicing.printing import contents_of
from subscriptions.invoicing.render import render_pdf
from subscriptions.models import Document
from tests.benchmarks.bench import Bench, cpu_each
from tests.benchmarks.databases import Database, lead_to
from tests.benchmarks.harness import Variant, rates
from tests.benchmarks.report import Found, Line

DIFFERENT = 50


def measure(bench: Bench) -> Found:
    done = bench.interleave([Variant("documents", _typesetting(bench.middle))])
    found, cost = rates(done, "documents"), cpu_each(done["documents"])
    return [Line("f1", "Invoices typeset a second by one core", "/s", found, beside=cost, at_least=20)]


def _typesetting(database: Database) -> Callable[[float], int]:
    """Renders invoices of the database in turn, loaded before, so that no two that follow each other are the same."""
    lead_to(database.name)
    contents = [contents_of(document) for document in Document.objects.order_by("pk")[:DIFFERENT]]
    position = count()

    def render(seconds: float) -> int:
        until, made = time.perf_counter() + seconds, 0
        while time.perf_counter() < until:
            render_pdf(contents[next(position) % len(contents)])
            made += 1
        return made

    return render
