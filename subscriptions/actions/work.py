"""Work items: opened by the nightly checks, closed by staff with a reason. Neither moves money."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal import audit
from portal.refusals import Refusal
from subscriptions.ledger.finding import Finding
from subscriptions.models import WorkItem

AT_A_TIME = 1000


def open_work_items(findings: Iterable[Finding], *, now: datetime) -> int:
    """An item of each finding, unless it is open already; how many findings there were."""
    remaining, count = iter(findings), 0
    while batch := list(islice(remaining, AT_A_TIME)):
        items = [WorkItem(kind=each.check, subject=each.subject, text=each.text, opened_at=now) for each in batch]
        WorkItem.objects.bulk_create(items, ignore_conflicts=True)
        count += len(batch)
    return count


def close_work_item(*, item: WorkItem, reason: str, now: datetime, by: Account) -> WorkItem:
    """The reason goes into the audit trail. Raises `Refusal` already_closed."""
    with transaction.atomic():
        item = WorkItem.objects.select_for_update().get(pk=item.pk)
        check_open(item)
        item.closed_at = now
        item.save(update_fields=["closed_at"])
        audit.record("work item closed", account=None, by=by, now=now, subject=item, kind=item.kind, reason=reason)
        return item


def check_open(item: WorkItem) -> None:
    """Raises `Refusal` already_closed."""
    if not item.is_open:
        raise Refusal("already_closed", _("Somebody has closed this work item already."))
