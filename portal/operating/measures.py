"""Numbers that stand in the database and at the broker, measured whenever somebody asks.

Higher apps register theirs in `AppConfig.ready()`. A measure is a few queries over partial indexes; what fails leaves
its own numbers out and no others (an alarm sees that they are missing).
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from portal.clock import database_now
from portal.models import OutboxMessage

logger = logging.getLogger(__name__)

Measure = Callable[[datetime], Iterable[Metric]]
MEASURES: list[Measure] = []


def register(measure: Measure) -> None:
    MEASURES.append(measure)


def gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def gauges(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    """One number for each value of the label."""
    family = GaugeMetricFamily(name, what, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def age(moment: datetime | None, now: datetime) -> float:
    """Seconds since then; nothing is no age."""
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


class Measured(Collector):
    """All of them at this moment, by the database's clock."""

    def collect(self) -> Iterator[Metric]:
        yield from _kept(lambda now: broker(), None)
        try:
            now = database_now()
        except Exception:
            logger.exception("the database cannot be measured")
            return
        for measure in (outbox, database, *MEASURES):
            yield from _kept(measure, now)


def _kept(measure: Callable[..., Iterable[Metric]], now: datetime | None) -> list[Metric]:
    try:
        return list(measure(now))
    except Exception:
        logger.exception("a measure failed: %s", getattr(measure, "__name__", measure))
        return []


def outbox(now: datetime) -> Iterator[Metric]:
    """How much work has not left yet, and how old the oldest is that should have."""
    open_rows = OutboxMessage.objects.filter(done_at__isnull=True, parked_at__isnull=True)
    by_handler = open_rows.values("handler").annotate(count=Count("pk")).values_list("handler", "count")
    due = open_rows.filter(due_at__lte=now).aggregate(oldest=Min("due_at"))["oldest"]
    parked = OutboxMessage.objects.filter(parked_at__isnull=False).count()
    yield gauges("portal_outbox_waiting", "Rows that wait, by kind of work.", "handler", dict(by_handler))
    yield gauge("portal_outbox_oldest_seconds", "For how long the oldest has been due.", age(due, now))
    yield gauge("portal_outbox_parked", "Rows that were given up and wait for staff.", parked)


OLDEST_TRANSACTION = """
SELECT COALESCE(EXTRACT(epoch FROM clock_timestamp() - min(xact_start)
           FILTER (WHERE backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)), 0),
       COALESCE(max(age(backend_xmin)), 0),
       count(*)
  FROM pg_stat_activity
 WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def database(now: datetime) -> Iterator[Metric]:
    """Sessions of the whole server. One that forgot to end keeps rows alive that are gone: charging gets slow."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_TRANSACTION)
        seconds, transactions, sessions = cursor.fetchone()
        cursor.execute("SELECT current_setting('max_connections')::int, pg_database_size(current_database())")
        most, size = cursor.fetchone()
    yield gauge("portal_database_oldest_transaction_seconds", "Age of the oldest open transaction.", float(seconds))
    yield gauge("portal_database_oldest_xmin", "Transactions begun since what the oldest snapshot sees.", transactions)
    yield gauge("portal_database_connections", "Sessions at the server.", sessions + 1)
    yield gauge("portal_database_connections_most", "Sessions that the server allows.", most)
    yield gauge("portal_database_bytes", "Size of the database.", size)


def broker() -> Iterator[Metric]:
    """How many tasks wait in each queue, and whether the broker answers at all."""
    lengths: dict[str, float] = {}
    try:
        with current_app.connection_for_read() as link:
            link.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
            for queue in settings.CELERY_TASK_QUEUES:
                lengths[queue.name] = _length(link.default_channel, queue.name)
    except Exception as error:
        logger.warning("the broker cannot be measured: %s", type(error).__name__)
        yield gauge("portal_broker_answers", "Whether the broker answers.", 0)
        return
    yield gauge("portal_broker_answers", "Whether the broker answers.", 1)
    yield gauges("portal_queue_waiting", "Tasks that no worker has taken yet.", "queue", lengths)


def _length(channel: object, name: str) -> float:
    """Declared as workers do, since one that nobody has declared has no length."""
    declared = channel.queue_declare(queue=name, durable=True, auto_delete=False)  # type: ignore[attr-defined]
    return float(declared.message_count)
