"""Who is on the telephone (K7): a code that the customer shows, or facts that the page chooses and checks."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from accounts.rules.searching import plain

CODE_DIGITS = 6
CODE_MINUTES = 10
CODES_AN_HOUR = 10
# For one agent and one customer, after a check that was passed.
VERIFIED_MINUTES = 30
# That failed, by code or facts, of all agents together.
TRIES_A_DAY = 3
ASKED = 3
NEEDED = 2
# After the address was changed: money, control and export.
BARRED_HOURS = 72


class Way(StrEnum):
    CODE = "code"
    FACTS = "facts"


@dataclass(frozen=True, kw_only=True)
class Known:
    """A fact that the portal knows of the account. Who reads the customer's mail knows some of them, too."""

    name: str
    is_in_mails: bool


def chosen(known: Iterable[Known], *, order: Callable[[str], str]) -> tuple[Known, ...]:
    """The facts that are asked for, in an order that nobody can foresee, those in no mail first; none if too little
    is known. The page chooses, so that no caller does."""
    ranked = sorted(known, key=lambda each: (each.is_in_mails, order(each.name)))[:ASKED]
    is_enough = len(ranked) >= NEEDED and not ranked[0].is_in_mails
    return tuple(ranked) if is_enough else ()


def passes(asked: Collection[Known], right: Mapping[str, bool]) -> bool:
    """Two are right, and not by what stands in an e-mail alone."""
    known = [each for each in asked if right[each.name]]
    return len(known) >= NEEDED and any(not each.is_in_mails for each in known)


def is_right(answer: str, accepted: Iterable[str]) -> bool:
    """Letters and digits count; case, accents, blanks, points and commas do not."""
    given = _bare(answer)
    return given != "" and given in {_bare(each) for each in accepted}


def has_tries_left(failed_today: int) -> bool:
    return failed_today < TRIES_A_DAY


def code_expires_at(issued_at: datetime) -> datetime:
    return issued_at + timedelta(minutes=CODE_MINUTES)


def verified_until(passed_at: datetime) -> datetime:
    return passed_at + timedelta(minutes=VERIFIED_MINUTES)


def barred_until(changed_at: datetime) -> datetime:
    return changed_at + timedelta(hours=BARRED_HOURS)


def is_barred(until: datetime | None, *, now: datetime) -> bool:
    return until is not None and now < until


def _bare(text: str) -> str:
    return plain(text).replace(" ", "")
