"""The kinds of data that are kept of a car, for its page and its downloads (D3). Each registers itself in `ready()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.utils.functional import Promise

from accounts.models import Account
from accounts.rules.notices import kept_from
from garage.data.own_rows import Row, Table, Walked
from garage.own_time import OwnTime

# Of one row: column -> text, number, moment, day, yes or no, a list of texts, or None. A `Table` (`own_table`) where
# there may be many.
Rows = Callable[[OwnTime], Iterable[Row] | Table]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`rows` gives the account's own (D4), oldest first, a few at a time; each has exactly `columns`."""

    # In addresses and file names: small letters and underscores.
    name: str
    title: str | Promise
    unit: str | Promise
    columns: tuple[str, ...]
    rows: Rows
    # None: it stays with the car.
    retention_months: int | None
    # The column of the moment at which a row arose. Rows that have none are what is so today.
    moment: str = "at"
    # Whether the owner may let a third party read it: what the car sends, not who had it.
    may_leave: bool = True
    # What a row says to a person; None: its columns, as they are.
    in_words: Callable[[Row], str] | None = None


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    for kind in kinds:
        _KINDS[kind.name] = kind


def kinds() -> list[Kind]:
    """In the order of registering."""
    return list(_KINDS.values())


def kinds_that_may_leave() -> list[Kind]:
    return [kind for kind in kinds() if kind.may_leave]


def find(name: str) -> Kind | None:
    return _KINDS.get(name)


def title_of(name: str) -> str | Promise:
    """In words; a kind that is kept no more shows its name."""
    kind = find(name)
    return kind.title if kind else name.replace("_", " ")


def reading(kind: Kind, own: OwnTime, *, now: datetime, since: datetime | None = None) -> Table | Walked:
    """The account's own rows of the car (D4), as far back as they are kept, and no older than `since`."""
    rows = kind.rows(own)
    found = rows if isinstance(rows, Table) else Walked(found=lambda: kind.rows(own), moment=kind.moment)
    kept = _kept_since(kind, own.account, now=now)
    begins = max((moment for moment in (kept, since) if moment), default=None)
    return found.since(begins) if begins else found


def _kept_since(kind: Kind, account: Account, *, now: datetime) -> datetime | None:
    if kind.retention_months is None:
        return None
    market = account.market
    first_day = kept_from(today=market.local_date(now), months=kind.retention_months)
    return datetime.combine(first_day, time.min, tzinfo=market.zone)
