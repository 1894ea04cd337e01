"""Which version of the Terms of Use is in force (A2)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar


class Version(Protocol):
    """Anything that comes into force at a moment."""

    effective_at: datetime


V = TypeVar("V", bound=Version)


def current_version(versions: Iterable[V], *, now: datetime) -> V | None:
    """The version that came into force last, its own moment included; None while none is in force yet."""
    in_force = [version for version in versions if version.effective_at <= now]
    return max(in_force, key=lambda version: version.effective_at, default=None)
