"""What a new version of a catalogue changes: services, packages and plans added, changed, ended."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

Row = Mapping[str, Any]
# The order of packages on a page changes nothing for anybody; prices are compared by plan.
UNTOLD = frozenset({"code", "position", "prices"})


class Subject(StrEnum):
    SERVICE = "service"
    PACKAGE = "package"
    PLAN = "plan"


class Kind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Detail:
    column: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class Change:
    kind: Kind
    subject: Subject
    code: str
    # Of plans: the term, and the price as the one detail.
    term: str = ""
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Content:
    """A catalogue's rows by code; each package has `prices` by term."""

    services: Mapping[str, Row]
    packages: Mapping[str, Row]


def changes_between(before: Content, after: Content) -> list[Change]:
    """Services, then packages, then plans; in each the order of the codes in the new version, what ended at last."""
    return [
        *_of(Subject.SERVICE, before.services, after.services),
        *_of(Subject.PACKAGE, before.packages, after.packages),
        *_of_plans(_plans(before), _plans(after)),
    ]


def _of(subject: Subject, before: Mapping[str, Row], after: Mapping[str, Row]) -> list[Change]:
    changes = []
    for code in _both(before, after):
        kind = _kind(code, before, after)
        details = _details(before[code], after[code]) if kind is Kind.CHANGED else ()
        if details or kind is not Kind.CHANGED:
            changes.append(Change(kind=kind, subject=subject, code=code, details=details))
    return changes


def _details(before: Row, after: Row) -> tuple[Detail, ...]:
    columns = [column for column in after if column not in UNTOLD]
    return tuple(
        Detail(column=column, before=before.get(column), after=after[column])
        for column in columns
        if _plain(before.get(column)) != _plain(after[column])
    )


def _of_plans(before: Mapping[Any, Decimal], after: Mapping[Any, Decimal]) -> list[Change]:
    return [
        Change(
            kind=_kind(plan, before, after),
            subject=Subject.PLAN,
            code=plan[0],
            term=plan[1],
            details=(Detail(column="price", before=before.get(plan), after=after.get(plan)),),
        )
        for plan in _both(before, after)
        if before.get(plan) != after.get(plan)
    ]


def _plans(content: Content) -> dict[tuple[str, str], Decimal]:
    return {(code, term): price for code, row in content.packages.items() for term, price in row["prices"].items()}


def _both(before: Collection[Any], after: Collection[Any]) -> list[Any]:
    return [*after, *(key for key in before if key not in after)]


def _kind(key: Any, before: Collection[Any], after: Collection[Any]) -> Kind:
    if key not in before:
        return Kind.ADDED
    return Kind.CHANGED if key in after else Kind.ENDED


def _plain(value: Any) -> Any:
    """In which order the words of a list stand is no change."""
    return sorted(value) if isinstance(value, list | tuple) else value
