"""Each task gets its id into the log lines that it writes, and its place in the numbers; so does who asked for it."""

import logging
import time
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun, worker_ready
from django.conf import settings
from prometheus_client import start_http_server

from portal.operating import current
from portal.operating.metrics import TASK_SECONDS_TAKEN, TASK_SUCCEEDED_AT, TASKS, counted

logger = logging.getLogger("portal.tasks")

_began: dict[str, float] = {}


@before_task_publish.connect
def hand_request_id_on(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """What a page has asked for can be found by the page's request id."""
    if headers is not None and current.request_id.get():
        headers["request_id"] = current.request_id.get()


@task_prerun.connect
def begin(task_id: str = "", task: Any = None, **_: Any) -> None:
    _began[task_id] = time.perf_counter()
    current.task_id.set(task_id)
    current.task_name.set(task.name)
    # In a process of its own the request is another one's; called in place, it is this one's.
    if asked_by := getattr(task.request, "request_id", "") or (task.request.headers or {}).get("request_id", ""):
        current.request_id.set(current.id_for(str(asked_by)))


@task_postrun.connect
def end(task_id: str = "", task: Any = None, state: str | None = None, **_: Any) -> None:
    seconds = time.perf_counter() - _began.pop(task_id, time.perf_counter())
    queue = str((task.request.delivery_info or {}).get("routing_key") or "in place")
    outcome = str(state or "unknown").lower()
    TASKS.labels(queue, task.name, outcome).inc()
    TASK_SECONDS_TAKEN.labels(queue, task.name).observe(seconds)
    if outcome == "success":
        TASK_SUCCEEDED_AT.labels(task.name).set(time.time())
    facts = {"queue": queue, "outcome": outcome, "ms": round(seconds * 1000, 1)}
    logger.info("%s %s", task.name, outcome, extra={"facts": facts})
    current.task_id.set("")
    current.task_name.set("")
    if not task.request.is_eager:
        current.request_id.set("")


@worker_ready.connect
def show_numbers(**_: Any) -> None:
    """`METRICS_ADDRESS=127.0.0.1:9101`: the worker's parent shows what its children have counted."""
    if settings.METRICS_ADDRESS:
        host, _colon, port = settings.METRICS_ADDRESS.rpartition(":")
        start_http_server(int(port), addr=host or "127.0.0.1", registry=counted())
