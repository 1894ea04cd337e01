"""Mails: subject, text and HTML from one text, sent by the outbox and never inside a request (law 10, N2).

Two outbox handlers stand here: `mail` for a text that was rendered when it was asked for (activation, reset), and
`notice_mail` for a notice, which is rendered when it is sent and waits for its attachments.
"""

import smtplib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.closing import mail_address
from accounts.models import Account, Notice
from accounts.notices import texts as notice_texts
from accounts.notices.choices import wants_mail
from accounts.notices.kinds import KINDS, attachments_of
from accounts.notices.links import leave_url
from accounts.rules.notices import OPTIONAL
from accounts.rules.refused_mail import is_refusal_of_address
from accounts.undelivered import AddressRefused, note_reached
from portal import outbox
from portal.links import absolute
from portal.models import Brand, OutboxMessage
from portal.plain_text import render_text
from portal.texts import localized

Attachment = tuple[str, bytes, str]


def enqueue_mail(
    *, to: str, language: str, brand: Brand, template: str, context: dict[str, Any], now: datetime
) -> None:
    """Puts a mail into the outbox, in `language`, from `<template>_subject.txt` and `<template>_message.txt`."""
    key = uuid.uuid4().hex
    with translation.override(language):
        subject = render_text(f"{template}_subject.txt", context)
        body = render_text(f"{template}_message.txt", context)
        text, html = in_layout(body, brand=brand, subject=subject)
    payload = {"key": key, "to": to, "subject": subject, "text": text, "html": html}
    outbox.enqueue("mail", dedup_key=_row_key(key), now=now, **payload)


def send_copy(
    *, key: str, to: str, subject: str, body: str, brand: Brand, leave_url: str, attachments: Sequence[Attachment]
) -> None:
    """At once, to somebody without an account: every copy says how to get no more of them (RFC 8058, one click)."""
    text, html = in_layout(body, brand=brand, subject=subject)
    headers = _left_by_one_click(leave_url)
    _send(key=key, to=to, subject=subject, text=text, html=html, attachments=attachments, headers=headers)


def send_mail(*, key: str, to: str = "", subject: str = "", text: str = "", html: str = "") -> None:
    """Outbox handler `mail`. The row forgets the body once it is sent: it holds links that let people in."""
    if not to:
        return
    _send(key=key, to=to, subject=subject, text=text, html=html)
    OutboxMessage.objects.filter(dedup_key=_row_key(key)).update(payload={"key": key})


def send_notice_mail(*, notice_id: int, again: int = 0) -> None:
    """Outbox handler `notice_mail`. A provider of attachments that raises leaves the mail in the outbox for later.

    `again` counts what staff send once more: mailboxes hide a message whose id they know.
    """
    notice = Notice.objects.select_related("account__market__brand").filter(pk=notice_id).first()
    # Forgotten meanwhile, or not wanted by mail any more (N1, N2).
    if notice is None or not wants_mail(notice.account, notice.kind):
        return
    account, kind = notice.account, KINDS[notice.kind]
    to = mail_address(account)
    if not to:
        # Closed, and nothing of it is open any more: there is nobody to tell.
        return
    leaving = leave_url(account, kind.topic) if kind.importance == OPTIONAL else ""
    attachments = attachments_of(notice)
    with in_words_of(account):
        subject = notice_texts.subject(notice)
        text, html = in_layout(
            notice_texts.body(notice),
            brand=account.market.brand,
            subject=subject,
            name=account.first_name,
            link=notice_texts.link(notice),
            leave_url=leaving,
        )
    key = f"notice-{notice.public_id.hex}" + (f"-{again}" if again else "")
    headers = _left_by_one_click(leaving) if leaving else {}
    _send(key=key, to=to, subject=subject, text=text, html=html, attachments=attachments, headers=headers)


@contextmanager
def in_words_of(account: Account) -> Iterator[None]:
    """The account's language and its market's clock, for everything that is rendered for it."""
    with translation.override(account.language), timezone.override(account.market.zone):
        yield


def in_layout(
    body: str,
    *,
    brand: Brand,
    subject: str,
    name: str = "",
    link: notice_texts.Link | None = None,
    leave_url: str = "",
) -> tuple[str, str]:
    """The text and the HTML of a mail whose paragraphs are separated by empty lines."""
    context = {"body": body, "paragraphs": body.split("\n\n"), "brand": brand, "subject": subject, "name": name}
    context |= {"link": link, "link_url": absolute(link.path) if link else "", "site_url": settings.SITE_URL}
    context |= {"leave_url": leave_url}
    context |= {"language": translation.get_language(), "centre": localized(brand.customer_centre)}
    return render_text("emails/layout.txt", context), render_to_string("emails/layout.html", context)


def _send(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    html: str,
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] = MappingProxyType({}),
) -> None:
    # The id is the row's, so that a mail whose acknowledgement was lost is recognised as the same one (N2).
    own = {"Message-ID": f"<{key}@{urlsplit(settings.SITE_URL).hostname}>", "Auto-Submitted": "auto-generated"}
    # A subject is one line, whatever was filled into it: no header can be smuggled in.
    message = EmailMultiAlternatives(" ".join(subject.split()), text, None, [to], headers=own | dict(headers))
    message.attach_alternative(html, "text/html")
    for attachment in attachments:
        message.attach(*attachment)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        for code, answer in error.recipients.values():
            text = answer.decode(errors="replace")
            if is_refusal_of_address(code=code, text=text):
                raise AddressRefused(f"{code} {text}") from error
        raise
    note_reached(to)


def _left_by_one_click(url: str) -> dict[str, str]:
    """RFC 8058: a button of the mail program, whose POST needs no page of ours."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _row_key(key: str) -> str:
    return f"mail:{key}"
