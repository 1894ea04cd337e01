"""Events are read from the audit trail, which every change that a customer could see writes in its own transaction.

So no action knows of events, what is charged runs no query more, and an event stands for what has been committed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from accounts.hooks.kinds import KINDS, Kind
from accounts.models import HookCursor, HookDelivery, HookEndpoint, HookEvent
from portal.models import AuditRecord

AT_A_TIME = 1000


def find_events(*, now: datetime) -> int:
    """Writes what the trail tells since the last time, and its deliveries; how many events. One process at a time."""
    with transaction.atomic():
        cursor = _cursor()
        if cursor is None:
            return 0
        # Asked before the trail is read: what was over by now is read whole.
        oldest_writing = _transaction_id("pg_snapshot_xmin")
        newest = _newest()
        count = sum(_write(page, now=now) for page in _pages(cursor, newest))
        _move_on(cursor, newest=newest, oldest_writing=oldest_writing)
        return count


def begin_reading() -> None:
    """Of what was before the first endpoint nobody is told."""
    newest = _newest()
    HookCursor.objects.get_or_create(
        is_only=True,
        defaults={"read_to": newest, "seen_to": newest, "seen_before": _transaction_id("pg_snapshot_xmax")},
    )


def _cursor() -> HookCursor | None:
    return HookCursor.objects.select_for_update(skip_locked=True).first()


def _move_on(cursor: HookCursor, *, newest: int, oldest_writing: int) -> None:
    """Records get their numbers before they are committed: one with a smaller number may appear later.

    So what was read is read again until everybody who was writing at that time is done.
    """
    if oldest_writing < cursor.seen_before:
        return
    cursor.read_to, cursor.seen_to = cursor.seen_to, newest
    cursor.seen_before = _transaction_id("pg_snapshot_xmax")
    cursor.save(update_fields=["read_to", "seen_to", "seen_before"])


def _pages(cursor: HookCursor, newest: int) -> Iterable[list[AuditRecord]]:
    after = cursor.read_to
    while page := list(_untold(after, newest)[:AT_A_TIME]):
        yield page
        after = page[-1].pk


def _untold(after: int, newest: int) -> QuerySet[AuditRecord]:
    told_by = {what for kind in KINDS.values() for what in kind.told_by}
    records = AuditRecord.objects.filter(pk__gt=after, pk__lte=newest, what__in=told_by)
    known = HookEvent.objects.filter(record_id=OuterRef("pk"))
    return records.filter(~Exists(known)).select_related("account").order_by("pk")


def _write(records: Sequence[AuditRecord], *, now: datetime) -> int:
    endpoints = list(HookEndpoint.objects.filter(disabled_at__isnull=True).order_by("pk"))
    wanted = {kind for endpoint in endpoints for kind in endpoint.kinds}
    found = [event for name in KINDS if name in wanted for event in _events(KINDS[name], records, now=now)]
    told = [(event, [each for each in endpoints if _is_for(event, each)]) for event in found]
    # In the order in which they happened, as far as an order is kept.
    events = sorted((event for event, to in told if to), key=lambda event: event.record_id or 0)
    HookEvent.objects.bulk_create(events)
    HookDelivery.objects.bulk_create(
        HookDelivery(event=event, endpoint=endpoint, due_at=now, created_at=now)
        for event, to in told
        for endpoint in to
    )
    return len(events)


def _is_for(event: HookEvent, endpoint: HookEndpoint) -> bool:
    """Of what was before the endpoint it is not told."""
    return event.kind in endpoint.kinds and event.at >= endpoint.created_at


def _events(kind: Kind, records: Sequence[AuditRecord], *, now: datetime) -> list[HookEvent]:
    about = [record for record in records if record.what in kind.told_by]
    if not about:
        return []
    ids = kind.ids(about)
    return [
        HookEvent(kind=kind.name, at=record.at, ids=ids[record.pk], record_id=record.pk, created_at=now)
        for record in about
        if record.pk in ids
    ]


def _newest() -> int:
    return AuditRecord.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _transaction_id(bound: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {bound}(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
