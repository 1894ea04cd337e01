"""The demo's mailbox: what was mailed, readable on a local page; never in production.

Mails are the files that Django's file backend writes; they are shown as plain text with the links of this site.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

# What Django's file backend puts after each mail of a connection.
RULE = re.compile(rb"^-{79}\n", re.MULTILINE)
OPEN_MODES = {"demo", "development"}
MOST = 200
# A piece of text, or a link of this site.
LINK = re.compile(r"(https?://[^\s<>]+)")


@dataclass(frozen=True)
class Mail:
    """One mail of the folder; `key` names it in an address."""

    key: str
    to: str
    subject: str
    sent_at: datetime | None
    text: str
    files: list[str]


@dataclass(frozen=True)
class Piece:
    text: str
    is_link: bool


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails first, all or those to one recipient (`?to=`)."""
    mails = _mails()
    recipient = request.GET.get("to", "").strip()
    shown = [mail for mail in mails if recipient.lower() in mail.to.lower()]
    context = {"mails": shown[:MOST], "recipient": recipient, "recipients": sorted({mail.to for mail in mails})}
    return render(request, "demo/mails.html", context)


@require_safe
def message(request: HttpRequest, key: str) -> HttpResponse:
    mail = next((mail for mail in _mails() if mail.key == key), None)
    if mail is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": mail, "pieces": pieces(mail.text)})


def pieces(text: str) -> list[Piece]:
    """The text cut at the links of this site; every other address stays text."""
    parts = [Piece(part, is_link=_is_ours(part)) for part in LINK.split(text)]
    return [part for part in parts if part.text]


def _is_ours(part: str) -> bool:
    return part == settings.SITE_URL or part.startswith(f"{settings.SITE_URL}/")


def _mails() -> list[Mail]:
    if settings.MODE not in OPEN_MODES:
        raise Http404
    folder = Path(settings.DEMO_MAIL_DIR)
    newest_first = sorted(folder.glob("*.log"), key=lambda file: (file.stat().st_mtime, file.name), reverse=True)
    return [mail for file in newest_first for mail in reversed(list(_in_file(file)))]


def _in_file(file: Path) -> Iterator[Mail]:
    for number, raw in enumerate(RULE.split(file.read_bytes())):
        if raw.strip():
            mail = message_from_bytes(raw, policy=policy.default)
            yield _read(mail, key=sha256(f"{file.name} {number}".encode()).hexdigest()[:20])


def _read(message: EmailMessage, *, key: str) -> Mail:
    body = message.get_body(("plain",))
    date = message["Date"]
    return Mail(
        key=key,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        # Django writes "-0000": UTC, of a sender whose own zone is not told.
        sent_at=date.datetime.replace(tzinfo=UTC) if date else None,
        text=str(body.get_content()) if body else "",
        files=[part.get_filename() or "" for part in message.iter_attachments()],
    )
