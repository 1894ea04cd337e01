"""A query whose SQL is written once, for what most pages or runs ask: writing it anew costs more than the answer.

    @written
    def links_of(account: Given, now: Given) -> QuerySet[Link]:
        return Link.objects.filter(account=account).exclude(until__lte=now)

    links_of(account=account.pk, now=now)      # a list

What differs from call to call is handed over by name; everything else is as it was at the first call, so nothing else
may differ: no clock, no setting and no language within it. The answer is a list, since nothing can be added to a
statement that is written. None is equal to nothing, as in SQL: whoever may have none asks in another way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.http import Http404

Row = TypeVar("Row")
Owned = TypeVar("Owned", bound=Model)
# What takes the place of a value in the query: numbers, ids, moments and days, texts; an account is given by its key.
Given = Any
# Of Django's compiler: which columns there are, and how rows are made of them.
WORKED_OUT = ("select", "klass_info", "annotation_col_map", "col_count", "has_extra_select")


@dataclass(frozen=True)
class _Slot:
    name: str


class written(Generic[Row]):  # noqa: N801  (a decorator)
    def __init__(self, put_together: Callable[..., QuerySet[Any, Row]]) -> None:
        self._put_together = put_together
        self._statements: dict[frozenset[str], _Statement] = {}
        update_wrapper(self, put_together)

    def __call__(self, **given: Given) -> list[Row]:
        """Which values are given decides about the conditions, so each choice of them has a statement of its own."""
        names = frozenset(given)
        statement = self._statements.get(names)
        if statement is None:
            rows = self._put_together(**{name: Value(_Slot(name)) for name in names})
            statement = self._statements[names] = _Statement(rows)
        return list(statement.asked(given))


class _Statement:
    """What Django works out of a query before it asks."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        compiler = rows.query.get_compiler(rows.db)
        self._rows = rows
        self._sql, self._values = compiler.as_sql()
        self._known = {name: getattr(compiler, name) for name in WORKED_OUT}

    def asked(self, given: dict[str, Given]) -> QuerySet[Any, Any]:
        values = tuple(given[each.name] if isinstance(each, _Slot) else each for each in self._values)

        def compiler_of(using: str | None = None, connection: Any = None, elide_empty: bool = True) -> SQLCompiler:
            compiler = type(rows.query).get_compiler(rows.query, using, connection, elide_empty)
            vars(compiler).update(self._known, as_sql=lambda: (self._sql, values))
            return compiler

        rows = self._rows.all()
        rows.query.get_compiler = compiler_of  # type: ignore[method-assign]
        return rows


def is_one_of(field: str, values: Given) -> Func:
    """A condition on a list of ids or texts, as `in` is where it is known how many there are."""
    return Func(F(field), values, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField())


def one_or_404(rows: list[Row]) -> Row:
    """As `get_object_or_404`, of what was found by something that is unique."""
    if not rows:
        raise Http404
    return rows[0]


def knowing(rows: list[Owned], **owners: Model) -> list[Owned]:
    """Each with what it was found by, as from a related manager, so that nobody reads that again."""
    for row in rows:
        for name, owner in owners.items():
            setattr(row, name, owner)
    return rows
