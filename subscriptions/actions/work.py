"""Work items (K4): opened by nightly checks and rejected refunds, given to somebody, closed. None moves money."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal import audit
from portal.refusals import Refusal
from subscriptions.ledger.finding import Finding
from subscriptions.models import Payment, Provisioning, Refund, WorkItem
from subscriptions.models.work import OF_CARS, OF_PAYMENTS, OF_REFUNDS

AT_A_TIME = 1000


def open_work_items(findings: Iterable[Finding], *, now: datetime) -> int:
    """An item of each finding, unless it is open already; how many findings there were."""
    remaining, count = iter(findings), 0
    while batch := list(islice(remaining, AT_A_TIME)):
        WorkItem.objects.bulk_create(_items(batch, now=now), ignore_conflicts=True)
        count += len(batch)
    return count


def _items(findings: list[Finding], *, now: datetime) -> list[WorkItem]:
    refunds = _rows(Refund, [each.subject for each in findings if each.check in OF_REFUNDS])
    payments = _rows(Payment, [each.subject for each in findings if each.check in OF_PAYMENTS])
    cars = _rows(Provisioning, [each.subject for each in findings if each.check in OF_CARS])
    return [
        WorkItem(
            kind=each.check,
            subject=each.subject,
            text=each.text,
            opened_at=now,
            refund_id=refunds.get(each.subject),
            payment_id=payments.get(each.subject),
            provisioning_id=cars.get(each.subject),
        )
        for each in findings
    ]


def _rows(model: type[Refund] | type[Payment] | type[Provisioning], public_ids: list[str]) -> dict[str, int]:
    """Primary keys by public id."""
    if not public_ids:
        return {}
    found = model._default_manager.filter(public_id__in=public_ids).values_list("public_id", "pk")
    return {str(public_id): pk for public_id, pk in found}


def close_solved(*, kind: str, subject: str, now: datetime) -> None:
    """Within the caller's transaction: what became of the row has solved it."""
    for item in WorkItem.objects.select_for_update().filter(kind=kind, subject=subject, closed_at__isnull=True):
        item.closed_at = now
        item.save(update_fields=["closed_at"])
        audit.record("work item closed", account=None, by=None, now=now, subject=item, kind=kind, reason="")


def assign_work_item(*, item: WorkItem, owner: Account | None, reason: str, now: datetime, by: Account) -> WorkItem:
    """Gives it to one of the staff, or back to nobody. Raises `Refusal` already_closed."""
    with transaction.atomic():
        item = WorkItem.objects.select_for_update().get(pk=item.pk)
        check_open(item)
        item.owner = owner
        item.save(update_fields=["owner"])
        audit.record(
            "work item assigned",
            account=None,
            by=by,
            now=now,
            subject=item,
            kind=item.kind,
            owner=owner.email if owner else "",
            reason=reason,
        )
        return item


def close_work_item(*, item: WorkItem, reason: str, now: datetime, by: Account) -> WorkItem:
    """The reason goes into the audit trail. Raises `Refusal` already_closed, closes_by_itself."""
    with transaction.atomic():
        item = WorkItem.objects.select_for_update().get(pk=item.pk)
        check_closable(item)
        item.closed_at = now
        item.save(update_fields=["closed_at"])
        audit.record("work item closed", account=None, by=by, now=now, subject=item, kind=item.kind, reason=reason)
        return item


def check_open(item: WorkItem) -> None:
    """Raises `Refusal` already_closed."""
    if not item.is_open:
        raise Refusal("already_closed", _("Somebody has closed this work item already."))


def check_closable(item: WorkItem) -> None:
    """Raises `Refusal`: already_closed, closes_by_itself."""
    check_open(item)
    if item.closes_by_itself:
        raise Refusal("closes_by_itself", _("This work item closes by itself, once its row has been settled."))
