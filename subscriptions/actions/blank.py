"""Retention (I4): what tells who the buyer was leaves a document when the law no longer asks for it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from portal import audit
from portal.models import Market
from subscriptions.actions.move_in_documents import forget_old_documents
from subscriptions.invoicing.files import forget_files_of_blanked
from subscriptions.models import Document
from subscriptions.models.document import PERSONAL

AT_A_TIME = 500


def blank_documents(*, now: datetime) -> int:
    """Blanks each document whose time is over, and deletes its file; how many. Safe to repeat, and to be killed.

    Both count: the day that was kept on the document, which the database holds, and the market's years as they are now,
    so that years added by law lengthen what is kept.
    """
    count = 0
    for market in Market.objects.all():
        count += _blank_of(market, now=now) + forget_old_documents(market, today=market.local_date(now))
    forget_files_of_blanked()
    return count


def _blank_of(market: Market, *, now: datetime) -> int:
    count = 0
    while batch := list(_over(market, now=now).values_list("pk", flat=True)[:AT_A_TIME]):
        with transaction.atomic():
            blank: dict[str, Any] = {column: {} for column in PERSONAL}
            Document.objects.filter(pk__in=batch, blanked_at__isnull=True).update(blanked_at=now, **blank)
            audit.record("documents blanked", account=None, by=None, now=now, market=market.code, count=len(batch))
        count += len(batch)
    return count


def _over(market: Market, *, now: datetime) -> QuerySet[Document]:
    today = market.local_date(now)
    return Document.objects.filter(
        subscription__market=market,
        blanked_at__isnull=True,
        keep_until__lt=today,
        year__lt=today.year - market.document_years,
    ).order_by("pk")
