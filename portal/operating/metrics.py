"""Numbers for Prometheus: what is counted as it happens, by all processes of this machine, and how it is shown.

With `PROMETHEUS_MULTIPROC_DIR` each process writes into that folder and any of them shows the sum. What stands in the
database is asked for when it is shown (`measures.py`). What each number is good for: docs/runbook/README.md.
"""

from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

PAGE_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
TASK_SECONDS = (0.05, 0.25, 1, 5, 30, 120, 600, 3600)

REQUESTS = Counter("portal_requests", "Answers, by route and status.", ["route", "method", "status"])
REQUEST_SECONDS = Histogram("portal_request_seconds", "Until the answer began.", ["route"], buckets=PAGE_SECONDS)
TASKS = Counter("portal_tasks", "Tasks that ended, by what became of them.", ["queue", "task", "outcome"])
TASK_SECONDS_TAKEN = Histogram("portal_task_seconds", "How long they took.", ["queue", "task"], buckets=TASK_SECONDS)
TASK_SUCCEEDED_AT = Gauge(
    "portal_task_succeeded_at", "When it last succeeded, in Unix time.", ["task"], multiprocess_mode="max"
)


def counted() -> CollectorRegistry:
    """What the processes of this machine have counted together; without the folder, this process alone."""
    if not settings.METRICS_FOLDER:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=settings.METRICS_FOLDER)
    return registry


def shown(registry: CollectorRegistry) -> bytes:
    return generate_latest(registry)
