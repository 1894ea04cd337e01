"""A message written signed out: it becomes a case once the link that was mailed to its address is used (H5).

The answer is the same for every address, known or not, so that nobody learns who is a customer.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Account
from portal import audit, outbox
from portal.models import Market
from support.actions.cases import begin, kept
from support.cases import telling as case_telling
from support.cases.attachments import Kept, Upload
from support.cases.prefilled import Context
from support.models import Case, CaseCategory, UnconfirmedMessage
from support.rules.cases import DAYS_TO_CONFIRM

AT_A_TIME = 500


def leave_message(
    *,
    market: Market,
    email: str,
    name: str,
    language: str,
    category: CaseCategory,
    text: str,
    context: Context,
    uploads: Sequence[Upload],
    now: datetime,
) -> None:
    """Keeps the message and mails the link. No staff see it yet."""
    key = token_urlsafe(32)
    with kept(uploads) as files, transaction.atomic():
        message = UnconfirmedMessage.objects.create(
            key_sha256=_hash(key),
            market=market,
            email=email,
            name=name,
            language=language,
            category=category,
            about_kind=context.kind,
            about_key=context.key,
            about=context.about,
            text=text,
            files=[asdict(file) for file in files],
            written_at=now,
        )
        case_telling.ask_to_confirm(message, key=key, now=now)


def waiting_message(key: str, *, now: datetime) -> UnconfirmedMessage | None:
    """None for a link that was used, is too old, or is none of ours."""
    fresh = UnconfirmedMessage.objects.filter(written_at__gt=now - timedelta(days=DAYS_TO_CONFIRM))
    return fresh.select_related("market__brand", "category").filter(key_sha256=_hash(key)).first()


def confirm(*, key: str, now: datetime) -> Case | None:
    """Opens the case, once. Where the address is a customer's own, it is the customer's case, too."""
    with transaction.atomic():
        found = waiting_message(key, now=now)
        # Used at the same moment in two windows, it is there for one of them only.
        if found is None or not list(UnconfirmedMessage.objects.select_for_update().filter(pk=found.pk)):
            return None
        account = _owner_of(found.email)
        case = Case(account=account, market=found.market, email=found.email, name=found.name, language=found.language)
        context = Context(kind=found.about_kind, key=found.about_key, about=found.about)
        files = [Kept(**file) for file in found.files]
        begin(case, category=found.category, text=found.text, context=context, files=files, now=now, by=None)
        found.delete()
        return case


def forget_unconfirmed(*, now: datetime) -> int:
    """Deletes what nobody has confirmed in time, with its files; how many."""
    count = 0
    over = UnconfirmedMessage.objects.filter(written_at__lte=now - timedelta(days=DAYS_TO_CONFIRM))
    while batch := list(over.order_by("pk")[:AT_A_TIME]):
        with transaction.atomic():
            paths = [file["path"] for message in batch for file in message.files]
            if paths:
                outbox.enqueue("case_files", dedup_key=f"case-files:{paths[0]}", now=now, paths=paths)
            UnconfirmedMessage.objects.filter(pk__in=[message.pk for message in batch]).delete()
            audit.record("messages not confirmed", account=None, by=None, now=now, count=len(batch))
        count += len(batch)
    return count


def _owner_of(email: str) -> Account | None:
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True)
    found = confirmed.select_related("user__market__brand").first()
    return found.user if found else None


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()
