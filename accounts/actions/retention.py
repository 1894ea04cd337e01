"""How long notices are kept (N2): a market's number of months, and then they go, with what the outbox kept of them."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Notice, UndeliveredMail
from accounts.notices.kinds import mail_key
from accounts.rules.notices import kept_from
from portal import audit
from portal.models import Market, OutboxMessage
from portal.outbox import FORGOTTEN_AFTER

AT_A_TIME = 1000


def forget_notices(*, now: datetime) -> int:
    """Deletes every notice whose time is over; how many. Safe to repeat, and to be killed."""
    return sum(_forget_of(market, now=now) for market in Market.objects.all())


def forget_undelivered(*, now: datetime) -> int:
    """Deletes what was kept of mails that have been sent since, or were taken off the list; how many."""
    over = UndeliveredMail.objects.filter(message__done_at__lt=now - FORGOTTEN_AFTER)
    return over.delete()[0]


def _forget_of(market: Market, *, now: datetime) -> int:
    count = 0
    over = _over(market, now=now)
    while batch := list(over[:AT_A_TIME]):
        with transaction.atomic():
            _mails_of(batch).delete()
            Notice.objects.filter(pk__in=[notice.pk for notice in batch]).delete()
            audit.record("notices forgotten", account=None, by=None, now=now, market=market.code, count=len(batch))
        count += len(batch)
    return count


def _over(market: Market, *, now: datetime) -> QuerySet[Notice]:
    first_day = kept_from(today=market.local_date(now), months=market.notice_months)
    midnight = datetime.combine(first_day, time.min, tzinfo=market.zone)
    return Notice.objects.filter(account__market=market, created_at__lt=midnight).order_by("created_at")


def _mails_of(notices: list[Notice]) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(handler="notice_mail", dedup_key__in=[mail_key(notice) for notice in notices])
