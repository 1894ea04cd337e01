"""Numbers of our webhooks, for operators: what waits, what was given up, which endpoints are disabled."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Min
from prometheus_client.core import Metric

from accounts.models import HookDelivery, HookEndpoint
from accounts.rules.hooks import State
from portal.operating.measures import age, gauge


def webhooks(now: datetime) -> Iterator[Metric]:
    waiting = HookDelivery.objects.filter(state=State.WAITING)
    oldest = waiting.filter(due_at__lte=now).aggregate(oldest=Min("due_at"))["oldest"]
    parked = HookDelivery.objects.filter(endpoint__disabled_at__isnull=True, state=State.PARKED)
    yield gauge("portal_webhooks_waiting", "Deliveries of webhooks that are to come.", waiting.count())
    yield gauge("portal_webhooks_oldest_seconds", "For how long the oldest has been due.", age(oldest, now))
    yield gauge("portal_webhooks_parked", "Deliveries that were given up.", parked.count())
    disabled = HookEndpoint.objects.filter(disabled_at__isnull=False).count()
    yield gauge("portal_webhook_endpoints_disabled", "Endpoints that get nothing.", disabled)
