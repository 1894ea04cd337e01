"""What Prometheus reads: counted as it happens, and measured in the database."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from portal import outbox
from portal.models import OutboxMessage
from portal.tasks import sweep_outbox
from subscriptions.models import Payment, Subscription
from tests import make
from tests.meta.test_layout import ROOT

TOKEN = "of these tests"


@pytest.fixture
def numbers(client, settings, db):
    """Value by name and labels, as Prometheus would read them."""
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[str, float]:
        answer = client.get(reverse("metrics"), headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        return {
            ",".join([sample.name, *(value for _, value in sorted(sample.labels.items()))]): sample.value
            for family in families
            for sample in family.samples
        }

    return read


def test_requests_are_counted_by_route_and_status_and_never_by_path(numbers, client):
    before = REGISTRY.get_sample_value("portal_requests_total", _labels("unknown", 404)) or 0
    client.get("/en/maria@example.com/")
    client.get("/JTHSAMPLECY900007")
    read = numbers()
    assert read["portal_requests_total,GET,unknown,404"] == before + 2
    assert read["portal_request_seconds_count,unknown"] >= 2
    assert not [name for name in read if "maria" in name or "JTHSAMPLE" in name]


def _labels(route: str, status: int) -> dict[str, str]:
    return {"route": route, "method": "GET", "status": str(status)}


def test_tasks_are_counted_by_queue_and_what_became_of_them(numbers, monkeypatch):
    sweep_outbox.apply()
    monkeypatch.setattr("portal.outbox.waiting_by_queue", lambda **_: 1 / 0)
    sweep_outbox.apply()
    read = numbers()
    name = "in place,portal.tasks.sweep_outbox"
    assert read[f"portal_tasks_total,success,{name}"] >= 1
    assert read[f"portal_tasks_total,failure,{name}"] >= 1
    assert read[f"portal_task_seconds_count,{name}"] >= 2
    assert read["portal_task_succeeded_at,portal.tasks.sweep_outbox"] > 1_000_000_000


def test_what_waits_and_what_was_given_up_is_measured(numbers, market):
    now = timezone.now()
    for number in range(3):
        outbox.enqueue("mail", dedup_key=str(number), now=now - timedelta(minutes=number))
    OutboxMessage.objects.filter(dedup_key="0").update(parked_at=now)
    read = numbers()
    assert (read["portal_outbox_waiting,mail"], read["portal_outbox_parked"]) == (2, 1)
    assert 115 < read["portal_outbox_oldest_seconds"] < 180


def test_money_that_waits_is_measured(numbers, car, navigation, gateway, card):
    """A trial of last year whose charge nobody made, and a payment without an outcome."""
    subscription = make.subscription(car, package=navigation, gateway=gateway, now=make.NOW)
    Subscription.objects.update(next_try_on=timezone.now().date() - timedelta(days=3))
    Payment.objects.create(
        account=subscription.account,
        subscription=subscription,
        card=card,
        period_index=0,
        attempt=1,
        key="k",
        period_from=make.NOW.date(),
        period_to=make.NOW.date() + timedelta(days=30),
        amount="9.90",
        currency="EUR",
        status="unknown",
        started_at=timezone.now() - timedelta(hours=2),
    )
    read = numbers()
    market = subscription.market.code
    assert (read[f"portal_charges_due,{market}"], read[f"portal_charges_overdue,{market}"]) == (1, 1)
    assert read["portal_payments_open,unknown"] == 1
    assert 7100 < read["portal_payments_open_oldest_seconds"] < 7400
    assert read["portal_work_items_oldest_seconds"] == 0


def test_database_and_broker_are_measured(numbers):
    read = numbers()
    assert read["portal_broker_answers"] == 1
    assert 0 < read["portal_database_connections"] < read["portal_database_connections_most"]
    assert read["portal_queue_waiting,charges"] == 0


def test_rows_are_counted_once_for_all_who_ask_at_the_same_time(numbers, django_assert_num_queries):
    numbers()
    with django_assert_num_queries(0):
        numbers()


def test_a_measure_that_fails_hides_no_other(numbers, monkeypatch, caplog):
    monkeypatch.setattr("portal.operating.measures.database", lambda now: 1 / 0)
    read = numbers()
    assert "portal_database_connections" not in read
    assert "portal_work_items_oldest_seconds" in read
    assert "a measure failed" in caplog.text


def test_processes_of_a_machine_are_counted_together(tmp_path):
    """As web workers are: each writes into the folder, any of them shows the sum."""
    count = "from portal.operating.metrics import REQUESTS; REQUESTS.labels('home', 'GET', 200).inc()"
    show = "from portal.operating.metrics import counted, shown; print(shown(counted()).decode())"
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    for code in (count, count):
        subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)
    shown = subprocess.run([sys.executable, "-c", show], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert re.search(r'portal_requests_total\{.*route="home".*\} 2.0', shown.stdout)
