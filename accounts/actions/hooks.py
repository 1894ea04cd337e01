"""Events on their way to the app's backend (docs/webhooks.md): claimed, sent with no transaction open, settled.

A process that is killed in between leaves the delivery claimed for a while; it is then sent again, with the same id.
Nothing keeps an order: what an endpoint is told of one thing may come in any order, and more than once.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.hooks import calling, trouble
from accounts.hooks.signing import headers_of
from accounts.models import HookDelivery, HookEndpoint, HookEvent, HookTry
from accounts.rules import hooks as rules
from accounts.rules.hooks import State, Verdict, Why

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
AT_A_TIME = 1000
# Of what one endpoint waits for, at each look; of one that takes nothing, so that it holds no worker up.
MOST_AT_ONCE, MOST_OF_FAILING = 500, 5

Clock = Callable[[], datetime]


def hand_over(*, now: datetime) -> list[int]:
    """Keys of deliveries that are to be sent now, oldest first; each is handed over once while its lease lasts."""
    found: list[int] = []
    for endpoint in HookEndpoint.objects.filter(disabled_at__isnull=True):
        most = MOST_OF_FAILING if endpoint.failing_since else MOST_AT_ONCE
        waiting = endpoint.deliveries.filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "pk")
        found += waiting.values_list("pk", flat=True)[:most]
    HookDelivery.objects.filter(pk__in=found, state=State.WAITING, due_at__lte=now).update(due_at=now + LEASE)
    return found


def send(delivery_id: int, *, handed_over_at: datetime, clock: Clock) -> bool:
    """One try, unless it is over, or was handed over anew since. True if it was taken."""
    now = clock()
    waiting = HookDelivery.objects.filter(pk=delivery_id, state=State.WAITING, due_at=handed_over_at + LEASE)
    claimed = waiting.filter(endpoint__disabled_at__isnull=True)
    if not claimed.update(due_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    delivery = HookDelivery.objects.select_related("event", "endpoint").get(pk=delivery_id)
    body, event_id = body_of(delivery.event), str(delivery.event.public_id)
    signed = headers_of(delivery.endpoint, event_id=event_id, body=body, now=now)
    headers = {"Content-Type": "application/json", "User-Agent": "owners-portal-webhooks"} | signed
    answer = calling.post(delivery.endpoint.url, body=body, headers=headers)
    _settle(delivery, answer, at=now, now=clock())
    return rules.is_taken(answer.status)


def body_of(event: HookEvent) -> bytes:
    """The same at every try."""
    told: dict[str, Any] = {"id": str(event.public_id), "type": event.kind, "timestamp": event.at.isoformat()}
    return json.dumps(told | {"data": event.ids}, separators=(",", ":")).encode()


def forget(*, now: datetime) -> int:
    """Events of more than thirty days ago, with their deliveries and tries; how many."""
    old, count = HookEvent.objects.filter(created_at__lt=now - rules.KEPT_FOR), 0
    while batch := list(old.order_by("pk").values_list("pk", flat=True)[:AT_A_TIME]):
        HookEvent.objects.filter(pk__in=batch).delete()
        count += len(batch)
    return count


@transaction.atomic
def _settle(delivery: HookDelivery, answer: calling.Answer, *, at: datetime, now: datetime) -> None:
    """Endpoint before delivery, as everybody who locks both."""
    endpoint = HookEndpoint.objects.select_for_update(no_key=True).get(pk=delivery.endpoint_id)
    row = HookDelivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    HookTry.objects.create(
        delivery=row, at=at, status=answer.status, milliseconds=answer.milliseconds, error=answer.error
    )
    verdict = rules.judge(
        status=answer.status, attempts=max(row.attempts, 1), failing_since=endpoint.failing_since, now=now
    )
    if row.state == State.DELIVERED:
        # Another try was taken while this one lasted.
        return
    row.state, row.due_at = verdict.state, verdict.due_at
    row.delivered_at = now if verdict.state == State.DELIVERED else None
    row.save(update_fields=["state", "due_at", "delivered_at"])
    _note_on_endpoint(endpoint, verdict, now=now)


def _note_on_endpoint(endpoint: HookEndpoint, verdict: Verdict, *, now: datetime) -> None:
    if verdict.failing_since != endpoint.failing_since:
        endpoint.failing_since = verdict.failing_since
        endpoint.save(update_fields=["failing_since"])
    if verdict.disabled and endpoint.is_enabled:
        disable(endpoint, verdict.disabled, now=now)
    elif verdict.state == State.PARKED:
        logger.error("webhooks: %s has not taken an event for three days", endpoint.code)
        trouble.tell(endpoint, f"{endpoint.code} has not taken an event for three days", now=now)


def disable(endpoint: HookEndpoint, why: Why, *, now: datetime) -> None:
    """Within the caller's lock: it is told nothing more, and what waits for it is parked, until staff enable it."""
    endpoint.disabled_at, endpoint.disabled_why = now, why
    endpoint.save(update_fields=["disabled_at", "disabled_why"])
    endpoint.deliveries.filter(state=State.WAITING).update(state=State.PARKED, due_at=None)
    logger.error("webhooks: %s is disabled: %s", endpoint.code, why)
    trouble.tell(endpoint, f"{endpoint.code} is disabled: {why}", now=now)
