"""What an app above wants to happen at each call, or to stand in its way; filled in `AppConfig.ready()`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from rest_framework.request import Request

# Takes the request, its view and the moment; raises what is in the way.
Gate = Callable[[Request, Any, datetime], None]
GATES: list[Gate] = []


def register(gate: Gate) -> None:
    if gate not in GATES:
        GATES.append(gate)


def pass_through(request: Request, view: Any, now: datetime) -> None:
    for gate in GATES:
        gate(request, view, now)
