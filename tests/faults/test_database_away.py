"""The database ends sessions, takes none, forgets, is full (faults 23 to 25, 42 to 44): no charge without its row."""

import json
import logging
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import InternalError, OperationalError, connection, connections, transaction
from django.test import RequestFactory

from portal.operating import durability
from subscriptions import tasks
from subscriptions.actions.run import charging_run
from subscriptions.models import Document, Payment
from tests import oidc
from tests.faults.actors import later
from tests.faults.at_once import in_background
from tests.faults.books import assert_books_are_right, database_settings
from tests.faults.test_database import SERIES, session
from tests.lock_waits import end_all_that_wait, wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


def get(path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """What the web process answers; unlike the test's client it looks at its connections before and after."""
    answered: list = []
    environ = RequestFactory().get(path, headers=headers).environ
    response = WSGIHandler()(environ, lambda status, head: answered.extend([status, head]))
    body = b"".join(response).decode()
    response.close()
    return int(answered[0].split()[0]), dict(answered[1]), body


@contextmanager
def refusing_sessions():
    """As a server that is down, or has given away all its connections: whoever comes is turned away."""
    reach = database_settings()
    facts = {"host": reach["HOST"], "user": reach["USER"], "dbname": "postgres", "autocommit": True}
    connections.close_all()
    with psycopg.connect(**facts) as elsewhere:
        elsewhere.execute(f'ALTER DATABASE "{reach["NAME"]}" ALLOW_CONNECTIONS false')
        try:
            yield
        finally:
            elsewhere.execute(f'ALTER DATABASE "{reach["NAME"]}" ALLOW_CONNECTIONS true')


def test_F23_a_session_that_is_ended_amid_a_booking_consumes_no_number(order, market, bank, today, caplog):
    order()
    charging_run(market=market, now=today, gateway=bank.gateway)
    order(2)
    with session() as stuck:
        stuck.execute(SERIES)
        with in_background(charging_run, market=market, now=today, gateway=bank.gateway) as run:
            wait_until_somebody_waits(stuck)
            end_all_that_wait(stuck)
            stuck.rollback()
            run.result(timeout=30)
    assert "AdminShutdown" in caplog.text
    charging_run(market=market, now=later(today), gateway=bank.gateway)
    assert (len(bank.charged()), Document.objects.count()) == (3, 3)
    assert_books_are_right(bank, now=later(today))


def test_F24_F44_a_database_that_takes_nobody_is_503_and_no_charge_and_the_next_request_is_served(
    order, market, bank, today
):
    order(2)
    with refusing_sessions():
        status, headers, page = get("/en/support/")
        with pytest.raises(OperationalError):
            charging_run(market=market, now=today, gateway=bank.gateway)
        assert get("/ready/")[0] == 503
        assert bank.charged() == []
    assert (status, headers["Retry-After"]) == (503, "10")
    assert "back in a moment" in page
    assert get("/ready/")[0] == 200
    charging_run(market=market, now=today, gateway=bank.gateway)
    assert len(bank.charged()) == 2
    assert_books_are_right(bank, now=today)


def test_F24_a_call_of_the_api_is_told_to_come_again(bank, market, today):
    oidc.clients()
    token = oidc.machine().token["access_token"]
    with refusing_sessions():
        status, headers, body = get("/api/v1/vehicles/", Authorization=f"Bearer {token}")
    assert (status, headers["Retry-After"], json.loads(body)["code"]) == (503, "10", "unavailable")
    assert_books_are_right(bank, now=today)


def test_F24_a_session_that_the_database_has_ended_is_noticed_before_the_next_request(market, bank, today):
    """CONN_HEALTH_CHECKS: nobody meets what was open when the database crashed."""
    assert get("/ready/")[0] == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with session() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert get("/ready/")[0] == 200
    assert_books_are_right(bank, now=today)


def test_F25_a_database_that_forgets_what_it_has_committed_is_not_charged_by(
    order, market, bank, today, settings, caplog
):
    order()
    settings.COMMITS_MUST_LAST, settings.CHARGING_RUN_HOURS = True, list(range(24))
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("off",)
    with pytest.raises(durability.NotDurable, match="synchronous_commit"):
        tasks.charging_run()
    charging_run(market=market, now=today, gateway=bank.gateway)
    assert "NotDurable" in caplog.text
    assert (Payment.objects.count(), bank.charged()) == (0, [])
    found = durability.database_keeps_commits(databases=["default"])
    assert "PostgreSQL has synchronous_commit off." in [error.msg for error in found]
    assert_books_are_right(bank, now=today)


def test_F42_a_change_of_a_table_behind_a_long_reader_is_given_up_and_holds_other_readers_up_no_longer(
    market, bank, today
):
    with session() as reader, session() as changer:
        reader.execute("SELECT 1 FROM portal_market")
        changer.execute("SET lock_timeout = '300ms'")
        with in_background(changer.execute, query="ALTER TABLE portal_market ADD COLUMN surplus integer") as change:
            wait_until_somebody_waits(reader)
            began = time.monotonic()
            assert get("/en/support/")[0] == 200
            assert time.monotonic() - began < 2
            with pytest.raises(psycopg.errors.LockNotAvailable):
                change.result(timeout=10)
    assert_books_are_right(bank, now=today)


@transaction.atomic
def pause_in_a_transaction() -> None:
    Payment.objects.count()
    time.sleep(0.3)
    Document.objects.count()


def test_F43_a_transaction_that_was_forgotten_open_is_ended_by_the_database(bank, today):
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("2min",)
        cursor.execute("SET idle_in_transaction_session_timeout = '100ms'")
    with pytest.raises(InternalError, match="idle-in-transaction"):
        pause_in_a_transaction()
    connection.close()
    assert_books_are_right(bank, now=today)


def test_F44_a_statement_that_takes_too_long_is_given_up_and_the_page_is_503(market, bank, today, caplog):
    # The page would replace a session older than CONN_MAX_AGE, and its patience with it.
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '100ms'")
    with session() as stuck, caplog.at_level(logging.ERROR):
        stuck.execute("LOCK TABLE portal_market IN ACCESS EXCLUSIVE MODE")
        assert get("/en/support/")[0] == 503
    connection.close()
    assert "statement timeout" in caplog.text
    assert get("/en/support/")[0] == 200
    assert_books_are_right(bank, now=today)


FULL_DISK = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON subscriptions_payment EXECUTE FUNCTION full_disk();
"""
SPACE_AGAIN = "DROP TRIGGER full_disk ON subscriptions_payment; DROP FUNCTION full_disk();"


def test_F44_a_full_disk_charges_nobody_since_the_row_before_the_call_cannot_be_kept(
    order, market, bank, today, caplog
):
    order(3)
    with session() as other:
        other.execute(FULL_DISK)
        other.commit()
        try:
            charging_run(market=market, now=today, gateway=bank.gateway)
        finally:
            other.execute(SPACE_AGAIN)
            other.commit()
    assert "No space left on device" in caplog.text
    assert (bank.charged(), Payment.objects.count()) == ([], 0)
    charging_run(market=market, now=later(today), gateway=bank.gateway)
    assert (len(bank.charged()), Payment.objects.count()) == (3, 3)
    assert_books_are_right(bank, now=later(today))
