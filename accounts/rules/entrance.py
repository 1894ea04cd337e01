"""What the frame of every page asks of its account, as it was when the request began."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.rules.terms import current_version


@dataclass
class Published:
    """A version of the Terms in the account's market."""

    effective_at: datetime
    is_accepted: bool


@dataclass(frozen=True, kw_only=True)
class AtEntrance:
    terms: tuple[Published, ...]
    has_ever_accepted: bool
    unread_notices: int
    is_address_refused: bool = False

    def has_accepted_current_terms(self, now: datetime) -> bool:
        """Whether the account had accepted the version in force; true where none is in force."""
        version = current_version(self.terms, now=now)
        return version is None or version.is_accepted


def published(moments: Iterable[datetime], accepted: Collection[datetime]) -> tuple[Published, ...]:
    """By their moments: no two versions of a market come into force at the same one."""
    return tuple(Published(effective_at=moment, is_accepted=moment in accepted) for moment in moments)
