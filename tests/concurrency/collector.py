"""A process of its own that makes one charging run: `python -m tests.concurrency.collector ORDERS`.

ORDERS is a JSON object: `database` (Django's settings of the connection), `state` (the provider's file), `now`,
`dies` ("", "before charging", "after charging" or "while numbering": at the first charge that falls to it), and
`calls_at_once` (with more than one it collects as a worker does). It says "ready", waits for a line on its standard
input, so that many begin at once, and runs.
"""

import json
import os
import signal
import sys
import time
from datetime import datetime
from typing import Any

import django
from django.conf import settings

# A provider far away: long enough for the others to come by meanwhile.
ANSWERS_AFTER_SECONDS = 0.02


def main(orders: dict[str, Any]) -> None:
    settings.DATABASES["default"].update(orders["database"])
    django.setup()
    from portal.models import Market
    from subscriptions.actions.collect import collect, due_in_batches
    from subscriptions.actions.run import charging_run
    from subscriptions.gateway.sandbox.in_process import InProcessGateway
    from subscriptions.gateway.sandbox.provider import SandboxProvider

    class DistantGateway(InProcessGateway):
        def charge(self, **order: Any) -> Any:
            _die_if(orders["dies"] == "before charging")
            outcome = super().charge(**order)
            time.sleep(ANSWERS_AFTER_SECONDS)
            _die_if(orders["dies"] == "after charging")
            return outcome

    if orders["dies"] == "while numbering":
        _die_with_a_number()
    now = datetime.fromisoformat(orders["now"])
    gateway = DistantGateway(SandboxProvider(orders["state"], clock=lambda: now))
    market = Market.objects.get()
    print("ready", flush=True)
    sys.stdin.readline()
    if orders["calls_at_once"] == 1:
        charging_run(market=market, now=now, gateway=gateway)
    else:
        for batch in due_in_batches(market=market, now=now):
            at_once = orders["calls_at_once"]
            collect(market=market, subscription_ids=batch, now=now, gateway=gateway, calls_at_once=at_once)


def _die_with_a_number() -> None:
    """At the moment when the transaction has taken its number, and others wait for the series."""
    from subscriptions.invoicing import build

    take = build.next_numbers

    def take_and_die(**series: Any) -> int:
        take(**series)
        _die_if(True)
        return 0

    build.next_numbers = take_and_die


def _die_if(is_so: bool) -> None:
    if is_so:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
