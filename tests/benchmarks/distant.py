"""The whole run against a provider that is far away: claimed, called with many calls in the air, settled."""

import subprocess
import sys
import time
from decimal import Decimal

from subscriptions.gateway.sandbox.client import SandboxGateway
from tests.benchmarks import portal_side
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import REPOSITORY
from tests.benchmarks.harness import Variant, rates, spread
from tests.benchmarks.population import DUE_AT
from tests.benchmarks.provider import DistantProvider
from tests.benchmarks.report import Found, Line

LATENCY_SECONDS = 0.2
# Far above what the calls in the air can reach, and well below it.
NO_LIMIT, LIMIT = 10_000.0, 100.0
# What begins and ends a run is a smaller part of a long one.
SLICES_LONG = 4
CALLS_COUNTED = 100


def measure(bench: Bench) -> Found:
    calls = bench.extent.calls_at_once
    ideal = calls / LATENCY_SECONDS
    limited = DistantProvider(LATENCY_SECONDS, rate=LIMIT)
    variants = [
        _run(bench, "far", DistantProvider(LATENCY_SECONDS, rate=NO_LIMIT), a_second=NO_LIMIT, expected=ideal),
        _run(bench, "limited", limited, a_second=LIMIT, expected=min(ideal, LIMIT)),
    ]
    done = bench.interleave(variants, slice_s=SLICES_LONG * bench.extent.slice_s)
    reached = rates(done, "far")
    ours = [each.app_ms_each for each in done["far"]]
    database = spread([each.database_ms_each for each in done["far"]]).median
    return [
        Line(
            "b1",
            f"Provider at 200 ms, {calls} calls in the air: of T / latency",
            "",
            [rate / ideal for rate in reached],
            beside=f"{spread(reached).median:.0f} of {ideal:.0f} charges a second",
            at_least=0.95,
        ),
        Line("b2", "The same: our CPU a charge", "ms", ours, beside=f"database {database:.2f} ms", at_most=1.0),
        Line(
            "b3",
            f"The same, limited to {LIMIT:.0f} calls a second: calls refused",
            "",
            [limited.refused],
            beside=f"{spread(rates(done, 'limited')).median:.0f} charges a second",
            at_most=0,
        ),
        Line("b4", "Beside b2, which only waits: our CPU of a call over HTTP", "ms", _http_calls(bench)),
    ]


def _run(bench: Bench, name: str, provider: DistantProvider, *, a_second: float, expected: float) -> Variant:
    """A run of as many charges as should take the time, so that there is none whose last calls are cut off."""
    database, turns = bench.middle, portal_side.turns(a_second)

    def work(seconds: float) -> int:
        before = len(provider.charged)
        portal_side.collect_whole(
            database.take(max(1, round(seconds * expected))),
            now=DUE_AT,
            gateway=provider,
            calls_at_once=bench.extent.calls_at_once,
            wait_for_turn=turns,
        )
        return len(provider.charged) - before

    return Variant(name, work, database.refill)


def _http_calls(bench: Bench) -> list[float]:
    """Milliseconds of this process for a charge by the client of the sandbox, its server being another process."""
    command = [sys.executable, "-m", "tests.benchmarks.answering"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=REPOSITORY, **pipes) as server:
        gateway = SandboxGateway(f"http://127.0.0.1:{int(server.stdout.readline())}", "secret")
        used = []
        for _ in range(bench.extent.rounds + 1):
            began = time.process_time()
            for number in range(CALLS_COUNTED):
                gateway.charge(key=f"k{number}", card_ref="c", amount=Decimal("9.90"), currency="EUR", description="d")
            used.append(1000 * (time.process_time() - began) / CALLS_COUNTED)
        gateway.close()
        server.stdin.close()
    # The first round was for warming up.
    return used[1:]
