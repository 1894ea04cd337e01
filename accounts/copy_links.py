"""The links in mails to addresses for copies: signed, so that they open one address and nothing else (I5)."""

from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from accounts.models import CopyAddress
from accounts.rules.copies import may_still_confirm
from portal.links import absolute

_CONFIRM, _LEAVE = "copies-confirm", "copies-leave"


def confirmation_url(address: CopyAddress) -> str:
    """Names the moment of asking, so that a link that was sent before does not confirm what was asked anew."""
    return _url("copy_confirmation", confirmation_token(address), address.account.language)


def leave_url(address: CopyAddress) -> str:
    """In every copy; good as long as the address is there."""
    return _url("copy_leaving", leave_token(address), address.account.language)


def confirmation_token(address: CopyAddress) -> str:
    return signing.dumps([address.public_id.hex, address.asked_at.isoformat()], salt=_CONFIRM)


def leave_token(address: CopyAddress) -> str:
    return signing.dumps(address.public_id.hex, salt=_LEAVE)


def address_to_confirm(token: str, *, now: datetime) -> CopyAddress | None:
    """None for a link that is forged, used, too old, or of an address that has been removed or asked for anew."""
    said = _read(token, _CONFIRM)
    address = _addresses().filter(public_id=said[0], confirmed_at__isnull=True).first() if said else None
    if address is None or address.asked_at.isoformat() != said[1]:
        return None
    return address if may_still_confirm(asked_at=address.asked_at, now=now) else None


def address_to_leave(token: str) -> CopyAddress | None:
    """None for a link that is forged, or whose address has been removed."""
    public_id = _read(token, _LEAVE)
    return _addresses().filter(public_id=public_id).first() if public_id else None


def _addresses() -> QuerySet[CopyAddress]:
    return CopyAddress.objects.select_related("account__market__brand")


def _read(token: str, salt: str) -> Any:
    try:
        return signing.loads(token, salt=salt)
    except signing.BadSignature:
        return None


def _url(name: str, token: str, language: str) -> str:
    with translation.override(language):
        return absolute(reverse(name, args=[token]))
