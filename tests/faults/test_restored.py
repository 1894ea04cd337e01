"""The database is put back to what it was before (faults 26, 46): nothing is charged twice, and nothing unseen."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from subscriptions.actions.run import charging_run
from subscriptions.ledger.check import check_ledger
from subscriptions.models import Payment, WorkItem
from tests.faults.books import (
    assert_nothing_was_taken_twice,
    assert_numbers_run_without_gap,
    database_settings,
)
from tests.faults.own_database import working_on

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def backup() -> Iterator[str]:
    """A copy of the database as it is now; its name."""
    reach, name = database_settings(), f"backup_{uuid4().hex[:8]}"
    connections.close_all()
    with psycopg.connect(host=reach["HOST"], user=reach["USER"], dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE {name} TEMPLATE "{reach["NAME"]}"')
        try:
            yield name
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def restored(name: str) -> Iterator[None]:
    with working_on(**database_settings() | {"NAME": name}):
        yield


def test_F26_F46_what_a_restored_database_does_not_know_is_booked_again_or_work_and_nothing_charged_meanwhile(
    order, market, bank, today, caplog
):
    order(2)
    with backup() as name:
        order()
        charging_run(market=market, now=today, gateway=bank.gateway)
        assert len(bank.charged()) == 3
        with restored(name):
            order()
            charging_run(market=market, now=today, gateway=bank.gateway)
            assert (len(bank.charged()), Payment.objects.filter(status="succeeded").count()) == (3, 2)
            assert "nothing is charged" in caplog.text
            # Of an order that is lost: finance gives it back.
            assert WorkItem.objects.get().kind == "charge_unknown_to_us"
            [lost] = [charge for charge in bank.gateway.charges() if not Payment.objects.filter(key=charge.key)]
            bank.gateway.refund(charge_ref=lost.charge_ref, amount=lost.amount, currency=lost.currency, key="by hand")
            charging_run(market=market, now=today, gateway=bank.gateway)
            assert (len(bank.charged()), Payment.objects.filter(status="succeeded").count()) == (4, 3)
            assert_nothing_was_taken_twice(bank)
            assert_numbers_run_without_gap()
            assert list(check_ledger(now=today)) == []
