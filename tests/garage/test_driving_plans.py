"""Why a car with 20,000 trips opens as fast as one with 20: what the pages of driving ask the database (T3)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make
from tests.garage.driving import agree, driving_package, season

NOW = make.NOW


@pytest.fixture
def driven(market):
    begun = NOW - timedelta(days=31)
    driving_package(market)
    owner = make.account("driver@example.com", market=market, now=begun)
    agree(owner, now=begun)
    car = make.active_car(owner, now=begun)
    season(car, now=NOW, days=30)
    return car


def asked_of_trips(client, car, name, *arguments):
    """The queries of the page that read trips themselves."""
    client.force_login(car.account)
    with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as caught:
        assert client.get(reverse(name, args=[car.public_id, *arguments])).status_code == 200
    return [query["sql"] for query in caught if '"garage_trip"' in query["sql"]]


def plan_of(sql):
    """As it is with very many rows, where reading all or sorting them is dear."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize(("name", "arguments"), [("driving", ()), ("driving_month", ("2026-05",))])
def test_T3_a_month_reads_no_trip_at_all(client, driven, name, arguments):
    assert asked_of_trips(client, driven, name, *arguments) == []


def test_T3_the_list_reads_one_page_of_trips_from_the_index_in_its_order(client, driven):
    (sql,) = asked_of_trips(client, driven, "driving_trips")
    assert "LIMIT 51" in sql
    plan = plan_of(sql)
    assert "Index Scan Backward using trip_of_vehicle on garage_trip" in plan, plan
    assert "Sort" not in plan, plan
    assert "Seq Scan on garage_trip" not in plan, plan


def test_T3_the_page_of_one_trip_finds_it_by_its_key(client, driven):
    trip = driven.vehicle.trips.latest("started_at")
    (sql,) = asked_of_trips(client, driven, "driving_trip", trip.reported_id)
    assert "Seq Scan on garage_trip" not in plan_of(sql)
