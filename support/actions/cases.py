"""Cases are opened, answered, handed over and closed; the customer's word opens one again (H5, K3).

Files are kept before the transaction begins, and dropped where it fails: the storage may be on another machine.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from secrets import choice

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.rules.hours import read_timetable
from portal import audit
from portal.refusals import Refusal
from support.actions.sight import end_leave
from support.cases import attachments
from support.cases import telling as case_telling
from support.cases.attachments import Kept, Upload
from support.cases.prefilled import Context
from support.models import Attachment, Case, CaseCategory, Message
from support.rules.cases import due_at, moved

# Without what is mistaken for something else, and without vowels, so that no word comes about.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


def open_case(
    *,
    account: Account,
    category: CaseCategory,
    text: str,
    context: Context,
    uploads: Sequence[Upload],
    now: datetime,
    by: Account,
) -> Case:
    """Of a customer who is signed in."""
    with kept(uploads) as files, transaction.atomic():
        case = Case(account=account, language=account.language, market=account.market)
        return begin(case, category=category, text=text, context=context, files=files, now=now, by=by)


def begin(
    case: Case,
    *,
    category: CaseCategory,
    text: str,
    context: Context,
    files: Sequence[Kept],
    now: datetime,
    by: Account | None,
) -> Case:
    """Within the caller's transaction: the case with its number, its first message, and the notice that it is there."""
    case.number = _new_number(case.market.code)
    case.category, case.opened_at, case.last_at = category, now, now
    case.about_kind, case.about_key, case.about = context.kind, context.key, context.about
    case.membership, case.document = context.membership, context.document
    case.waiting_since, case.due_at = now, _due(case, now)
    case.save(force_insert=True)
    _write(case, text=text, files=files, by=by, now=now)
    _record("case opened", case, by=by, now=now, category=category.code, about=context.kind)
    case_telling.tell_received(case, now=now)
    return case


def reply(*, case: Case, text: str, uploads: Sequence[Upload], now: datetime, by: Account | None) -> Message:
    """The customer's; `by` is None for who came by the link of a mail. Raises `Refusal` case_over."""
    with kept(uploads) as files, transaction.atomic():
        case = _locked(case)
        was_closed = case.is_closed
        _move(case, "reply")
        if not case.waiting_since:
            case.waiting_since, case.due_at = now, _due(case, now)
        case.closed_at, case.last_at = None, now
        case.save(update_fields=["state", "waiting_since", "due_at", "closed_at", "last_at"])
        message = _write(case, text=text, files=files, by=by, now=now)
        _record("case opened again" if was_closed else "case replied to", case, by=by, now=now)
        return message


def answer(*, case: Case, text: str, now: datetime, by: Account) -> Message:
    """Of the customer centre; who answers a case of nobody takes it. Raises `Refusal` case_closed."""
    with transaction.atomic():
        case = _locked(case)
        _move(case, "answer")
        case.owner = case.owner or by
        case.waiting_since, case.due_at, case.last_at = None, None, now
        case.save(update_fields=["state", "owner", "waiting_since", "due_at", "last_at"])
        message = _write(case, text=text, files=(), by=by, now=now, is_from_staff=True)
        _record("case answered", case, by=by, now=now)
        case_telling.tell_answered(case, message, now=now)
        return message


def hand_over(*, case: Case, owner: Account | None, reason: str, now: datetime, by: Account) -> Case:
    """To oneself, to somebody else, or back to nobody. Raises `Refusal` case_closed."""
    with transaction.atomic():
        case = _locked(case)
        _move(case, "take")
        case.owner = owner
        case.save(update_fields=["state", "owner"])
        given = owner.email if owner else ""
        _record("case handed over", case, by=by, now=now, owner=given, reason=reason)
        return case


def close(*, case: Case, reason: str, now: datetime, by: Account) -> Case:
    """With a reason that only staff read. Raises `Refusal` case_closed."""
    with transaction.atomic():
        case = _locked(case)
        _move(case, "close")
        case.waiting_since, case.due_at, case.closed_at = None, None, now
        case.save(update_fields=["state", "waiting_since", "due_at", "closed_at"])
        end_leave(case, now=now)
        _record("case closed", case, by=by, now=now, reason=reason)
        case_telling.tell_closed(case, now=now)
        return case


def check_open(case: Case) -> None:
    """Raises `Refusal` case_closed."""
    if case.is_closed:
        raise Refusal("case_closed", _("This case is closed. The customer opens it again by writing."))


@contextmanager
def kept(uploads: Sequence[Upload]) -> Iterator[list[Kept]]:
    """The files in the storage; gone again where what follows fails."""
    files = attachments.keep(uploads)
    try:
        yield files
    except BaseException:
        attachments.drop(file.path for file in files)
        raise


def _locked(case: Case) -> Case:
    found = Case.objects.select_related("category", "market__brand", "account__market__brand", "owner")
    return found.select_for_update(of=["self"], no_key=True).get(pk=case.pk)


def _move(case: Case, move: str) -> None:
    if case.is_blanked:
        raise Refusal("case_over", _("This case is over, and its words are deleted. Please write a new message."))
    to = moved(case.state, move)
    if to is None:
        check_open(case)
        raise LookupError(f"{move} from {case.state}")
    case.state = to.value


def _write(
    case: Case, *, text: str, files: Sequence[Kept], by: Account | None, now: datetime, is_from_staff: bool = False
) -> Message:
    message = Message.objects.create(case=case, at=now, by=by, text=text, is_from_staff=is_from_staff)
    Attachment.objects.bulk_create(
        Attachment(message=message, name=file.name, media_type=file.media_type, size=file.size, path=file.path)
        for file in files
    )
    return message


def _due(case: Case, now: datetime) -> datetime:
    here = now.astimezone(case.market.zone)
    return due_at(here, days=case.category.due_days, timetable=read_timetable(case.market.contact))


def _record(what: str, case: Case, *, by: Account | None, now: datetime, **data: str) -> None:
    audit.record(what, account=case.account, by=by, now=now, subject=case, number=case.number, **data)


def _new_number(market_code: str) -> str:
    """Of 280 thousand million; one that is there already is drawn again, and the constraint has the last word."""
    while True:
        drawn = "".join(choice(ALPHABET) for _place in range(8))
        number = f"{market_code}-{drawn[:4]}-{drawn[4:]}"
        if not Case.objects.filter(number=number).exists():
            return number
