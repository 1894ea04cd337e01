"""A migration that needs a lock which somebody holds lets everybody by, and comes through later (fault 42)."""

import time

import psycopg
import pytest
from django.db import OperationalError, connection

from portal.operating.patience import patiently
from tests.faults.at_once import in_background
from tests.faults.books import database_settings

pytestmark = pytest.mark.django_db(transaction=True)

ALTER = "ALTER TABLE portal_market ADD COLUMN tried integer NULL"


def session() -> psycopg.Connection:
    reach = database_settings()
    return psycopg.connect(host=reach["HOST"], user=reach["USER"], dbname=reach["NAME"])


def alter() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ALTER)


def test_behind_a_long_reader_readers_wait_a_second_at_most_and_it_comes_through_later():
    said: list[str] = []
    with session() as reader, session() as visitor:
        reader.execute("SELECT count(*) FROM portal_market")
        with in_background(patiently, work=alter, say=said.append, pause=0.2) as migrating:
            while not said:
                began = time.monotonic()
                visitor.execute("SELECT count(*) FROM portal_market")
                visitor.rollback()
                assert time.monotonic() - began < 1.5
            reader.rollback()
            migrating.result(timeout=20)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_market DROP COLUMN tried")
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("10s",)


def test_what_nobody_lets_through_is_given_up_and_has_changed_nothing():
    with session() as reader:
        reader.execute("SELECT count(*) FROM portal_market")
        with pytest.raises(OperationalError):
            patiently(alter, say=lambda _: None, tries=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_attribute WHERE attname = 'tried' AND attnum > 0")
        assert cursor.fetchone() == (0,)
