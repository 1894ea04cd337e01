"""Mails that did not arrive: what is kept of them for staff, and what their account is told (N2, K4)."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.closing import closed_with, mail_address
from accounts.models import Account, CopyAddress, Notice, UndeliveredMail
from portal.models import OutboxMessage
from portal.outbox import GivenUp


class AddressRefused(GivenUp):
    """The mail server says that this address takes no mail; trying again would not help."""


def refused_address(account: Account) -> str:
    """The account's address, if it refused a mail and has taken none since; empty otherwise."""
    known = account.at_entrance
    is_refused = known.is_address_refused if known else refusals(account.email).exists()
    return account.email if is_refused else ""


def refusals(address: Any) -> QuerySet[UndeliveredMail]:
    """What that address refused, having taken no mail since."""
    return UndeliveredMail.objects.filter(address=address, is_refused=True, reached_at__isnull=True)


def note_reached(address: str) -> None:
    """A mail to this address was accepted: its account is asked for no other any more."""
    UndeliveredMail.objects.filter(address=address, reached_at__isnull=True).update(reached_at=Now())


def keep_undelivered(message: OutboxMessage, error: Exception, now: datetime) -> None:
    """Puts the mail of a row that was given up on the list, or back on it: in the transaction that parks the row."""
    is_refused = isinstance(error, AddressRefused)
    reason = str(error) if is_refused else f"{type(error).__name__}: {error}"
    found: dict[str, Any] = {"is_refused": is_refused, "reason": reason[:300], "failed_at": now}
    found |= {"reached_at": None, "dropped_at": None}
    UndeliveredMail.objects.update_or_create(message=message, defaults=_whose(message) | found)


def _whose(message: OutboxMessage) -> dict[str, Any]:
    """The account and the address, as they were when the mail was given up."""
    payload = message.payload
    if "notice_id" in payload:
        notice = Notice.objects.select_related("account").get(pk=payload["notice_id"])
        return {"account": notice.account, "address": mail_address(notice.account), "kind": notice.kind}
    if "address" in payload:
        reader = CopyAddress.objects.select_related("account").get(public_id=payload["address"])
        return {"account": reader.account, "address": reader.email}
    address = str(payload["to"]).lower()
    closed = closed_with(address, written_at=message.created_at)
    return {"account": closed or Account.objects.filter(email=address).first(), "address": address}
