"""`make bench`: measures, prints a line for each finding, and writes them to docs/benchmarks.md, part by part.

Ends with 1 if an aim is missed; a quick run judges nothing and writes no page unless it is told where.
"""

import argparse
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "benchmarks.md"
PARTS = ("pages", "jobs", "documents", "collecting")
INTRODUCTION = Path(__file__).with_name("introduction.md")


def main() -> int:
    options = _options()
    # Ended from outside, it still stops the servers that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    _prepare_environment(options.state)
    import django

    django.setup()
    from portal import embedded
    from tests.benchmarks import against_floor, distant, documents, history, jobs, machine, pages, report, scale
    from tests.benchmarks.bench import FULL, QUICK, Bench
    from tests.benchmarks.databases import Server

    parts = {
        "pages": [pages.measure],
        "jobs": [jobs.measure],
        "documents": [documents.measure, history.measure],
        "collecting": [against_floor.measure, distant.measure, scale.measure_sizes, scale.measure_workers],
    }
    server = Server(options.state)
    embedded.ensure_broker(options.state)
    extent = QUICK if options.quick else FULL
    if options.customers:
        extent = replace(extent, people=tuple(options.customers))
    bench = Bench(server, extent, folder=options.state)
    page = options.page or (None if options.quick else PAGE)
    is_missed = False
    for part in options.only or parts:
        began, stolen, found = time.monotonic(), machine.stolen_seconds(), []
        for measure in parts[part]:
            for line in measure(bench):
                print(report.printed(line), flush=True)
                found.append(line)
        facts = machine.facts(server_version=server.version) | {
            "Run": f"{extent.rounds} rounds, {(time.monotonic() - began) / 60:.0f} min, "
            f"{machine.stolen_seconds() - stolen:.0f} s of CPU taken away by the machine's owner; {machine.load()}"
        }
        if page:
            introduction = INTRODUCTION.read_text()
            report.write(page, part=part.capitalize(), found=found, facts=facts, introduction=introduction)
        is_missed |= report.is_missed(found)
    bench.close()
    if options.quick:
        print("A quick run: everything ran, the figures say nothing.")
        return 0
    return int(is_missed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three short rounds at small sizes, two minutes")
    parser.add_argument(
        "--state", type=Path, default=REPOSITORY / "var" / "bench", help="where the server's data stand"
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, help="these parts; the page keeps its others")
    parser.add_argument(
        "--customers", nargs="+", type=int, metavar="N", help="sizes of the populated databases, the smallest first"
    )
    parser.add_argument("--page", type=Path, help="the page to write instead of docs/benchmarks.md")
    return parser.parse_args()


def _prepare_environment(state: Path) -> None:
    """Before Django reads its settings: an embedded, durable server of the benchmark's own, and a broker and cache."""
    from portal.embedded import broker_socket

    socket = broker_socket(state)
    for name in ("DATABASE_URL", "PYTEST_CURRENT_TEST"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_MODE": "development",
        "PORTAL_STATE_DIR": str(state.resolve()),
        "DEBUG": "0",
        # As in production.
        "PUBLIC_COPY_SECONDS": "60",
        "LOG_LEVEL": "CRITICAL",
        "CELERY_BROKER_URL": f"redis+socket://{socket}",
        "CACHE_URL": f"unix://{socket}?db=1",
    }


if __name__ == "__main__":
    sys.exit(main())
