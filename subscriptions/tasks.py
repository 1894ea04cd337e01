"""What the worker does on time; each reads the clock once and hands it down."""

from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from portal.models import Market
from subscriptions.actions import run
from subscriptions.actions.collect import collect
from subscriptions.gateway import get_gateway


@shared_task
def charging_run() -> None:
    """Beat calls it every hour; each market has its runs at the hours of its own clock."""
    now = timezone.now()
    for market in _in_their_hour(now):
        run.charging_run(market=market, now=now, gateway=get_gateway(), hand_over=collect_subscription.delay)


@shared_task
def collect_subscription(subscription_id: int) -> None:
    collect(subscription_id=subscription_id, now=timezone.now(), gateway=get_gateway())


@shared_task
def send_expiry_notices() -> None:
    """Trials, charges, free years and cards that come to their date: nobody learns of it by the charge itself."""
    now = timezone.now()
    for market in Market.objects.all():
        run.tell_what_is_coming(market=market, now=now)


def _in_their_hour(now: datetime) -> list[Market]:
    return [market for market in Market.objects.all() if _local_hour(market, now) in settings.CHARGING_RUN_HOURS]


def _local_hour(market: Market, now: datetime) -> int:
    return now.astimezone(market.zone).hour
