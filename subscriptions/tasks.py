"""What the worker does on time; each reads the clock once and hands it down."""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings

from portal.clock import database_now
from portal.models import Market
from portal.operating.durability import check_durable
from subscriptions import sample_cars
from subscriptions.actions import blank, closing, control_run, giving_back, provision, run, warn_untaken
from subscriptions.actions import forget_unanswered as forgetting
from subscriptions.actions.catalogue import keep_up_or_alert
from subscriptions.actions.collect import collect
from subscriptions.actions.work import open_work_items
from subscriptions.gateway import get_gateway
from subscriptions.gateway.pacing import shared_turns
from subscriptions.ledger import check, provider

logger = logging.getLogger(__name__)

# How far back the nightly comparison goes: a night that was missed is made good by the next ones.
COMPARED_FOR = timedelta(days=7)


@shared_task
def charging_run() -> None:
    """Beat calls it every hour; each market has its runs at the hours of its own clock.

    Raises `NotDurable` before anything is done.
    """
    check_durable()
    now = database_now()
    for market in _in_their_hour(now):
        run.charging_run(market=market, now=now, gateway=get_gateway(), hand_over=collect_batch.delay)


@shared_task
def collect_batch(market_id: int, subscription_ids: list[int]) -> None:
    """What is due of these now: the ids are a hint, rows are claimed when it runs."""
    collect(
        market=Market.objects.get(pk=market_id),
        subscription_ids=subscription_ids,
        now=database_now(),
        gateway=get_gateway(),
        calls_at_once=settings.PROVIDER_CALLS_AT_ONCE,
        wait_for_turn=shared_turns(settings.PROVIDER_CALLS_PER_SECOND),
    )


@shared_task
def send_expiry_notices() -> None:
    """Trials, charges, free years and cards that come to their date: nobody learns of it by the charge itself."""
    now = database_now()
    for market in Market.objects.all():
        run.tell_what_is_coming(market=market, now=now)
        warn_untaken.tell_of_untaken(market=market, now=now)


@shared_task
def bring_catalogues_into_force() -> None:
    """The version of the day, in each market by its own calendar; one that was missed is caught up with."""
    now = database_now()
    for market in Market.objects.all():
        keep_up_or_alert(market, now=now)


@shared_task
def move_control() -> None:
    """Requests for control that nobody answered move, offers expire, drivers end with their last day (V4, G12)."""
    control_run.control_run(now=database_now())


@shared_task
def check_ledger() -> None:
    """Nightly: what does not agree becomes work, and nothing else (docs/operations.md)."""
    now = database_now()
    _note(open_work_items(check.check_ledger(now=now), now=now), "rows of the ledger do not agree")


@shared_task
def compare_with_provider() -> None:
    """Nightly: differences from the provider's own list become work; no money is moved."""
    now = database_now()
    differences = provider.compare_with_provider(gateway=get_gateway(), since=now - COMPARED_FOR, now=now)
    _note(open_work_items(differences, now=now), "differences from the provider's list")


@shared_task
def find_cars_that_did_not_switch() -> None:
    """Packages that a car has failed to switch, or not answered for a day, become work (C1, K4)."""
    _note(provision.find_cars_that_did_not_switch(now=database_now()), "packages were not switched in their car")


@shared_task
def answer_for_cars() -> None:
    """The demo's stand-in of the vehicle backend; scheduled nowhere else."""
    sample_cars.answer_for_cars(now=database_now())


@shared_task
def blank_documents() -> None:
    """Nightly: the buyer leaves documents that the law no longer asks for (I4)."""
    blank.blank_documents(now=database_now())


@shared_task
def complete_closings() -> None:
    """Nightly: what closed accounts still needed for open payments and refunds goes when they are at rest (A6)."""
    closing.complete_closings(now=database_now())


@shared_task
def forget_unanswered() -> None:
    """Nightly: registrations that nobody activated, invitations that nobody accepted (docs/privacy.md)."""
    _note(forgetting.forget_unanswered(now=database_now()), "forgotten that never answered")


@shared_task
def drop_expired_refunds() -> None:
    """Nightly: refunds that one of finance proposed and nobody confirmed (K3)."""
    giving_back.drop_expired(now=database_now())


def _note(count: int, what: str) -> None:
    if count:
        logger.error("%s %s: see the work items in the admin", count, what)


def _in_their_hour(now: datetime) -> list[Market]:
    return [market for market in Market.objects.all() if _local_hour(market, now) in settings.CHARGING_RUN_HOURS]


def _local_hour(market: Market, now: datetime) -> int:
    return now.astimezone(market.zone).hour
