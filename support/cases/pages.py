"""A case as its pages show it: its state in words, and what was written with its files (H5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from support.models import Attachment, Case, Message
from support.rules.cases import CaseState

STATES: dict[str, tuple[str, str | Promise]] = {
    CaseState.NEW: ("info", _("Received")),
    CaseState.WAITING_US: ("info", _("We are working on it")),
    CaseState.WAITING_CUSTOMER: ("good", _("Answered")),
    CaseState.CLOSED: ("neutral", _("Closed")),
}


@dataclass(frozen=True, kw_only=True)
class ShownFile:
    name: str
    size: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    at: datetime
    is_from_staff: bool
    text: str
    files: list[ShownFile]


@dataclass(frozen=True, kw_only=True)
class ShownCase:
    case: Case
    tone: str
    state: str | Promise
    title: str


def show(case: Case) -> ShownCase:
    tone, state = STATES[case.state]
    return ShownCase(case=case, tone=tone, state=state, title=case.about or case.category.name)


def thread_of(case: Case, url_of: Callable[[Attachment], str]) -> list[Entry]:
    """The first message first. Two queries."""
    messages = Message.objects.filter(case=case).prefetch_related("attachments").order_by("pk")
    return [
        Entry(
            at=message.at,
            is_from_staff=message.is_from_staff,
            text=message.text,
            files=[ShownFile(name=file.name, size=file.size, url=url_of(file)) for file in message.attachments.all()],
        )
        for message in messages
    ]


def files_of(case: Case) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message__case=case)


# Every look-up starts from the account, so that a stranger's is not found (law 11).


def cases_of(account: Account) -> QuerySet[Case]:
    """The customer's own, the latest written first."""
    own = Case.objects.filter(account=account).select_related("category", "market__brand", "membership__vehicle")
    return own.select_related("document").order_by("-last_at", "-pk")


def case_or_404(account: Account, public_id: UUID) -> Case:
    return get_object_or_404(cases_of(account), public_id=public_id)


def file_or_404(case: Case, public_id: UUID) -> Attachment:
    return get_object_or_404(files_of(case), public_id=public_id)
