"""A worker process that collects batches: `python -m tests.benchmarks.worker DATABASE`.

It says "ready" and then answers each line of its standard input, a JSON object with `batches` of ids and `seconds`:
it collects batch after batch until the time is over, and says how many charges it made and which keys it had charged
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
            print(json.dumps(_collect(order["batches"], seconds=order["seconds"])), flush=True)


def _collect(batches: list[list[int]], *, seconds: float) -> dict[str, object]:
    from tests.benchmarks import portal_side
    from tests.benchmarks.population import DUE_AT
    from tests.benchmarks.provider import InstantProvider

    provider, count = InstantProvider(), 0
    until = time.perf_counter() + seconds
    for batch in batches:
        count += portal_side.collect_batch(batch, now=DUE_AT, gateway=provider)
        if time.perf_counter() >= until:
            break
    return {"count": count, "twice": [key for key, times in provider.asked.items() if times > 1]}


if __name__ == "__main__":
    main(sys.argv[1])
