"""How long the words of a case are kept: a market's number of months after it was closed, then they go (H5, A6).

What stays is that there was a case, of which category, when, and who of the staff had it.
"""

from datetime import datetime, time

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Account
from accounts.rules.notices import kept_from
from portal import audit, outbox
from portal.models import Market
from support.actions.sight import end_leave
from support.cases.attachments import drop
from support.models import Attachment, Case, Message
from support.rules.cases import CaseState

AT_A_TIME = 500


def forget_cases(*, now: datetime) -> int:
    """Nightly; how many. Safe to repeat, and to be killed."""
    return sum(_forget_of(market, now=now) for market in Market.objects.all())


def forget_cases_of(account: Account, now: datetime) -> None:
    """Within the closing of the account: what is open is closed, and the words of all go."""
    open_ones = Case.objects.filter(account=account).exclude(state=CaseState.CLOSED.value)
    for case in open_ones.select_for_update(of=["self"], no_key=True).order_by("pk"):
        case.state, case.closed_at, case.waiting_since, case.due_at = CaseState.CLOSED.value, now, None, None
        case.save(update_fields=["state", "closed_at", "waiting_since", "due_at"])
        end_leave(case, now=now)
        reason = "account closed"
        audit.record("case closed", account=account, by=None, now=now, subject=case, number=case.number, reason=reason)
    _blank(list(Case.objects.filter(account=account, blanked_at__isnull=True)), now=now)


def delete_files(*, paths: list[str]) -> None:
    """Outbox handler `case_files`; safe to run twice."""
    drop(paths)


def _forget_of(market: Market, *, now: datetime) -> int:
    count = 0
    over = _over(market, now=now)
    while batch := list(over[:AT_A_TIME]):
        with transaction.atomic():
            # Locked, and asked again: a customer's word may have opened one meanwhile.
            locked = list(over.filter(pk__in=[case.pk for case in batch]).select_for_update(no_key=True))
            _blank(locked, now=now)
            audit.record("cases forgotten", account=None, by=None, now=now, market=market.code, count=len(locked))
        count += len(locked)
    return count


def _over(market: Market, *, now: datetime) -> QuerySet[Case]:
    first_day = kept_from(today=market.local_date(now), months=market.case_months)
    midnight = datetime.combine(first_day, time.min, tzinfo=market.zone)
    return Case.objects.filter(market=market, closed_at__lt=midnight, blanked_at__isnull=True).order_by("closed_at")


def _blank(cases: list[Case], *, now: datetime) -> None:
    ids = [case.pk for case in cases]
    files = Attachment.objects.filter(message__case__in=ids)
    paths = list(files.order_by("pk").values_list("path", flat=True))
    if paths:
        outbox.enqueue("case_files", dedup_key=f"case-files:{paths[0]}", now=now, paths=paths)
    files.delete()
    Message.objects.filter(case__in=ids).exclude(text="").update(text="")
    Case.objects.filter(pk__in=ids).update(
        blanked_at=now, email="", name="", about="", about_key="", membership=None, document=None
    )
