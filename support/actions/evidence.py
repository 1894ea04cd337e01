"""Files are attached to what staff decide, taken, and forgotten when their time is over (V3, K3, P10)."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction

from accounts.models import Account
from accounts.rules.notices import kept_from
from portal import audit, outbox
from portal.models import Market
from portal.refusals import Refusal
from support.actions.cases import kept
from support.cases.attachments import SENTENCES, Upload
from support.models import Evidence
from support.rules.attachments import MOST_FILES_OF_A_CASE

AT_A_TIME = 500


def attach_evidence(
    *, subject: Any, account: Account, uploads: Sequence[Upload], note: str, now: datetime, by: Account
) -> list[Evidence]:
    """Raises `Refusal` too_many_files_of_case: one row holds as many as a case."""
    with kept(uploads) as files, transaction.atomic():
        # One after another for one customer, so that the count holds.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if evidence_of(subject).count() + len(files) > MOST_FILES_OF_A_CASE:
            raise Refusal("too_many_files_of_case", SENTENCES["too_many_files_of_case"])
        made = Evidence.objects.bulk_create(
            Evidence(
                subject_type=subject._meta.label_lower,
                subject_id=subject.pk,
                account=account,
                note=note,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                path=file.path,
                at=now,
                by=by,
            )
            for file in files
        )
        audit.record("evidence attached", account=account, by=by, now=now, subject=subject, reason=note)
        return made


def note_taken(evidence: Evidence, *, now: datetime, by: Account) -> None:
    """Each download stands in the audit, beside who has read the row."""
    audit.record("evidence taken", account=evidence.account, by=by, now=now, subject=evidence)


def evidence_of(subject: Any) -> Any:
    return Evidence.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)


def forget_evidence(*, now: datetime) -> int:
    """Nightly; how many. Kept as long as words of closed cases; a closed account's too: a decision may be disputed."""
    return sum(_forget_of(market, now=now) for market in Market.objects.all())


def _forget_of(market: Market, *, now: datetime) -> int:
    first_day = kept_from(today=market.local_date(now), months=market.case_months)
    midnight = datetime.combine(first_day, time.min, tzinfo=market.zone)
    over = Evidence.objects.filter(account__market=market, at__lt=midnight).order_by("at", "pk")
    count = 0
    while batch := list(over[:AT_A_TIME]):
        with transaction.atomic():
            paths = [each.path for each in batch]
            outbox.enqueue("case_files", dedup_key=f"case-files:{paths[0]}", now=now, paths=paths)
            Evidence.objects.filter(pk__in=[each.pk for each in batch]).delete()
            audit.record("evidence forgotten", account=None, by=None, now=now, market=market.code, count=len(batch))
        count += len(batch)
    return count
