"""A worker process that collects portions: `python -m tests.benchmarks.worker DATABASE`.

It says "ready" and then answers each line of its standard input, a JSON object with `portions` of ids and `seconds`:
it collects portion after portion until the time is over, and says how many charges it made and which keys were charged
twice. The environment is that of the benchmark, which keeps the server running.
"""

import json
import sys
import time

import django


def main(name: str) -> None:
    django.setup()
    from portal import outbox
    from tests.benchmarks.databases import lead_to

    lead_to(name)
    print("ready", flush=True)
    with outbox.asleep():
        for line in sys.stdin:
            order = json.loads(line)
            print(json.dumps(_collect(order["portions"], seconds=order["seconds"])), flush=True)


def _collect(portions: list[list[int]], *, seconds: float) -> dict[str, object]:
    from tests.benchmarks import portal_side
    from tests.benchmarks.population import DUE_AT
    from tests.benchmarks.provider import InstantProvider

    provider, until = InstantProvider(), time.perf_counter() + seconds
    for portion in portions:
        portal_side.collect_whole(portion, now=DUE_AT, gateway=provider)
        if time.perf_counter() >= until:
            break
    return {"count": len(provider.charged), "twice": provider.charged_twice()}


if __name__ == "__main__":
    main(sys.argv[1])
