"""What a higher app does when an endpoint takes nothing: it keeps the list of work, and fills this in `ready()`."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import HookEndpoint

# Called in the transaction that parks a delivery or disables the endpoint, with what staff have to know.
Told = Callable[[HookEndpoint, str, datetime], None]
_TOLD: list[Told] = []


def register(told: Told) -> None:
    _TOLD.append(told)


def tell(endpoint: HookEndpoint, text: str, *, now: datetime) -> None:
    for told in _TOLD:
        told(endpoint, text, now)
