"""Signs of life and numbers, for probes and Prometheus: never cached, without session or language."""

import secrets
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry

from portal.operating import health, metrics
from portal.operating.measures import Measured

MEASURED = "operating:measured"
KEPT_SECONDS = 20


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Answers as long as the process serves, whatever else is down: a supervisor restarts it otherwise."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 as long as it can serve pages, else 503: a balancer sends nobody here meanwhile."""
    found = health.findings()
    lines = "".join(f"{each.name} {'ok' if each.is_well else 'down'}\n" for each in found)
    is_ready = all(each.is_well for each in found if each.is_needed)
    return HttpResponse(lines, status=200 if is_ready else 503, content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def numbers(request: HttpRequest) -> HttpResponse:
    """For whoever knows `METRICS_TOKEN` (`Authorization: Bearer ...`); for all others there is no such page."""
    if not _knows_token(request):
        raise Http404
    body = metrics.shown(metrics.counted()) + _measured()
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def _measured() -> bytes:
    """Once for all processes that are asked at about the same time: they would count the same rows."""
    with suppress(Exception):
        if known := cache.get(MEASURED):
            return bytes(known)
    registry = CollectorRegistry()
    registry.register(Measured())
    measured = metrics.shown(registry)
    with suppress(Exception):
        cache.set(MEASURED, measured, KEPT_SECONDS)
    return measured


def _knows_token(request: HttpRequest) -> bool:
    offered = request.headers.get("Authorization", "").encode(errors="replace")
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    return bool(settings.METRICS_TOKEN) and secrets.compare_digest(offered, wanted)
