"""A query that is written once answers each caller with their own, as the query itself would."""

import inspect
import sys
from datetime import UTC, datetime

import pytest
import time_machine
from django.db.models import Count, Exists, OuterRef, QuerySet, Value
from django.http import Http404
from django.utils.translation import override

from garage.models import Membership, Vehicle
from portal.querying.rows_inside import with_rows
from portal.querying.written import Given, _Slot, is_one_of, knowing, one_or_404, written
from tests import make
from tests.meta.test_layout import APPS

pytestmark = pytest.mark.django_db


@pytest.fixture
def links(market):
    anna, boris = (make.account(f"{name}@example.com", market=market) for name in ("anna", "boris"))
    for account, number in ((anna, 1), (anna, 2), (boris, 3)):
        make.active_car(account, number)
    return {"anna": anna, "boris": boris}


def own(*, account: Given, plate: Given | None = None) -> QuerySet[Membership]:
    found = Membership.objects.filter(account=account).select_related("vehicle").order_by("pk")
    found = found.annotate(is_alone=~Exists(Membership.objects.filter(account=account).exclude(pk=OuterRef("pk"))))
    return found if plate is None else found.filter(vehicle__plate=plate)


def shown(rows) -> list[tuple]:
    return [(row, row.vehicle, row.vehicle.plate, row.is_alone) for row in rows]


def test_each_call_is_answered_by_its_own_values(links, django_assert_num_queries):
    ask = written(own)
    for account in (links["anna"], links["boris"], links["anna"]):
        with django_assert_num_queries(1):
            rows = shown(ask(account=account.pk))
        assert rows == shown(own(account=account))
    assert [len(ask(account=account.pk)) for account in links.values()] == [2, 1]


def test_what_is_not_given_is_no_condition(links):
    ask, anna = written(own), links["anna"].pk
    first = Vehicle.objects.order_by("pk")[0]
    Vehicle.objects.filter(pk=first.pk).update(plate="KAA111")
    assert [row.vehicle for row in ask(account=anna, plate="KAA111")] == [first]
    assert len(ask(account=anna)) == 2
    assert ask(account=anna, plate="KAA999") == []


def test_rows_inside_and_values_are_those_of_the_query(links):
    def cars(*, account: Given) -> QuerySet:
        return with_rows(Vehicle.objects.filter(memberships__account=account).order_by("pk"), "memberships")

    def counted(*, accounts: Given) -> QuerySet:
        found = Membership.objects.filter(is_one_of("account", accounts)).order_by("account")
        return found.values("account").annotate(number=Count("pk"))

    anna, boris = links["anna"].pk, links["boris"].pk
    assert [list(car.memberships.all()) for car in written(cars)(account=anna)] == [
        list(Membership.objects.filter(vehicle=car)) for car in Vehicle.objects.filter(memberships__account=anna)
    ]
    assert written(counted)(accounts=[anna, boris]) == [
        {"account": anna, "number": 2},
        {"account": boris, "number": 1},
    ]
    assert written(counted)(accounts=[]) == []


def test_a_value_is_never_part_of_the_text(links):
    ask = written(own)
    assert ask(account=links["anna"].pk, plate="' OR 1=1 --") == []
    assert all("OR 1=1" not in statement._sql for statement in ask._statements.values())


def test_the_answer_knows_whose_it_is(links, django_assert_num_queries):
    anna = links["anna"]
    rows = knowing(written(own)(account=anna.pk), account=anna)
    with django_assert_num_queries(0):
        assert {row.account.email for row in rows} == {"anna@example.com"}


def test_what_is_not_found_is_a_404(links):
    ask = written(own)
    assert one_or_404(ask(account=links["boris"].pk)).account_id == links["boris"].pk
    with pytest.raises(Http404):
        one_or_404(ask(account=0))


def test_what_has_changed_meanwhile_is_answered_as_it_is(links):
    ask, boris = written(own), links["boris"].pk
    assert [row.nickname for row in ask(account=boris)] == [""]
    Membership.objects.filter(account=boris).update(nickname="Blue")
    assert [row.nickname for row in ask(account=boris)] == ["Blue"]


def every_written() -> dict[str, written]:
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] in APPS]
    found = [each for module in modules for each in vars(module).values() if isinstance(each, written)]
    return {f"{each.__module__}.{each.__name__}": each for each in found}


def statement(ask: written) -> tuple:
    """Anew, with all that is named in its signature."""
    named = [each.name for each in inspect.signature(ask).parameters.values() if each.kind is each.KEYWORD_ONLY]
    rows = ask._put_together(**{name: Value(_Slot(name)) for name in named})
    return named, *rows.query.get_compiler(rows.db).as_sql()


def test_no_statement_of_the_site_holds_what_was_so_at_its_first_call():
    """Neither a clock nor a language: the next caller would get the first one's."""
    asks = every_written()
    assert len(asks) > 20
    for name, ask in asks.items():
        with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
            first = statement(ask)
        with time_machine.travel(datetime(2031, 7, 9, tzinfo=UTC), tick=False), override("el"):
            assert (name, statement(ask)) == (name, first)


def test_all_that_is_given_is_a_value_of_the_statement():
    """An account that were no condition would open everybody's rows."""
    for name, ask in every_written().items():
        named, _sql, values = statement(ask)
        assert (name, {each.name for each in values if isinstance(each, _Slot)}) == (name, set(named))
