"""Whether new maps are included for a car: asked by the garage, answered by the app above, with its packages (C6)."""

from collections.abc import Callable
from datetime import datetime

from garage.models import Membership

Answer = Callable[[Membership, datetime], bool]

_ANSWERS: list[Answer] = []


def register(answer: Answer) -> None:
    _ANSWERS.append(answer)


def is_covered(membership: Membership, *, now: datetime) -> bool:
    return any(answer(membership, now) for answer in _ANSWERS)
