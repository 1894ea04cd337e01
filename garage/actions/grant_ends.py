"""Grants end: by their owner, after their last day, and with the owner's control of the car (D3)."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Account
from garage.models import DataGrant
from garage.notices.sharing import tell_grant
from garage.rules.grants import Why
from portal import audit

logger = logging.getLogger(__name__)

DAY = timedelta(days=1)


@transaction.atomic
def end_grant(*, grant: DataGrant, now: datetime, by: Account) -> None:
    """By its owner, from that moment on. A second time changes nothing."""
    current = _locked().filter(pk=grant.pk, account=by).first()
    if current is not None:
        _end(current, why=Why.OWNER, now=now, by=by)


@transaction.atomic
def end_grant_if_over(*, grant_id: int, now: datetime) -> bool:
    """After the last day, by the market's calendar; True if this call ended it."""
    current = _locked().filter(pk=grant_id).first()
    if current is None or current.is_live(now):
        return False
    _end(current, why=Why.OVER, now=now, by=None)
    return True


def end_grants_that_are_over(*, now: datetime) -> int:
    """Every hour; how many. One bad row stops none of the others: it is logged, and found again by the next run."""
    count = 0
    for grant_id in _maybe_over(now=now):
        try:
            count += end_grant_if_over(grant_id=grant_id, now=now)
        except Exception:
            logger.exception("grant could not be ended: %s", grant_id)
    return count


def _maybe_over(*, now: datetime) -> list[int]:
    """Those whose last day may be over: by the day after in any zone, the action looks at the market's clock."""
    limited = DataGrant.objects.running().filter(ends_on__lt=now.date() + DAY)
    return list(limited.order_by("ends_on", "pk").values_list("pk", flat=True))


def end_grants_of(*, account_id: int, vehicle_id: int, why: Why, now: datetime) -> None:
    """Within the caller's transaction and lock of the vehicle: all that the account has given of the car."""
    for grant in _locked().filter(account=account_id, vehicle=vehicle_id).order_by("pk"):
        _end(grant, why=why, now=now, by=None)


def forget_references(account: Account, now: datetime) -> None:
    """Within the closing's transaction (A6): what its third parties know it by says who it was."""
    DataGrant.objects.filter(account=account).update(reference="")


def _locked() -> QuerySet[DataGrant]:
    """Ending is one column: an access that is being written down does not wait for it."""
    rows = DataGrant.objects.running().select_related("account__market", "vehicle", "third_party__market")
    return rows.select_for_update(of=["self"], no_key=True)


def _end(grant: DataGrant, *, why: Why, now: datetime, by: Account | None) -> None:
    grant.ended_at, grant.ended_why = now, why
    grant.save(update_fields=["ended_at", "ended_why"])
    facts = {"third_party": grant.third_party.code, "why": str(why)}
    audit.record("data grant ended", account=grant.account, by=by, now=now, subject=grant, **facts)
    tell_grant(grant, change=str(why), now=now)
