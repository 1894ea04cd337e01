"""Errors and traces to a server that speaks Sentry's protocol, if `SENTRY_DSN` names one; nothing personal in them.

Imported only then.
"""

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import ignore_logger

from portal.operating import current
from portal.operating.masking import masked

# Of a request they are told its method only: the route is the transaction's name.
LEFT_OUT = ("user", "breadcrumbs", "server_name", "modules")


def start(dsn: str, *, traces: float, mode: str, **options: Any) -> None:
    """`traces`: the share of requests and tasks that are traced, 0 to 1."""
    for told_elsewhere in ("portal.requests", "django.security.DisallowedHost"):
        ignore_logger(told_elsewhere)
    sentry_sdk.init(
        dsn=dsn,
        environment=mode,
        traces_sample_rate=traces,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        auto_enabling_integrations=False,
        integrations=[DjangoIntegration(transaction_style="url"), CeleryIntegration()],
        before_send=scrubbed,
        before_send_transaction=scrubbed,
        **options,
    )


def scrubbed(event: Any, hint: Any = None) -> Any:
    """The event with its request's method alone, the ids of the log lines, and every text masked."""
    kept = {name: part for name, part in event.items() if name not in LEFT_OUT}
    if request := kept.get("request"):
        kept["request"] = {"method": request.get("method", "")}
    ids = {"request_id": current.request_id.get(), "task_id": current.task_id.get()}
    tags = {**(kept.get("tags") or {}), **{name: value for name, value in ids.items() if value}}
    return {**{name: _masked(part) for name, part in kept.items() if name not in AS_THEY_ARE}, "tags": tags} | {
        name: kept[name] for name in AS_THEY_ARE if name in kept
    }


# Ids and times of the protocol, which look like what is masked.
AS_THEY_ARE = frozenset({"event_id", "timestamp", "start_timestamp", "type", "sdk", "platform", "level"})
PROTOCOL = frozenset({"trace_id", "span_id", "parent_span_id", "segment_id"})


def _masked(part: Any) -> Any:
    if isinstance(part, str):
        return masked(part)
    if isinstance(part, dict):
        return {name: value if name in PROTOCOL else _masked(value) for name, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [_masked(each) for each in part]
    return part
