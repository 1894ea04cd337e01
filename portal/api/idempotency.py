"""A writing call with an `Idempotency-Key` happens once: sent again, it gets the first answer again.

The row is committed before the view runs, and keeps the answer after it. What cannot be known to have happened (500,
a process that was killed) leaves the key free: at once, or when its lease is over. Actions that move money have keys
of their own beneath this.
"""

import hashlib
import re
from datetime import datetime, timedelta
from http import HTTPStatus

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from portal.models import IdempotentCall

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{8,100}")
SAFE = {"GET", "HEAD", "OPTIONS"}
LEASE = timedelta(minutes=2)
KEPT_FOR = timedelta(hours=24)


class KeyMalformed(exceptions.APIException):
    status_code = HTTPStatus.BAD_REQUEST
    default_code = "idempotency_key_malformed"
    default_detail = _("The key of the request must have 8 to 100 characters without blanks.")


class KeyMissing(exceptions.APIException):
    status_code = HTTPStatus.BAD_REQUEST
    default_code = "idempotency_key_missing"
    default_detail = _("The request needs a key, so that it happens only once.")


class KeyUsedOtherwise(exceptions.APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_used_otherwise"
    default_detail = _("The key of the request was used for something else.")


class StillRunning(exceptions.APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = "idempotency_still_running"
    default_detail = _("The same request is still being worked on. Please wait a moment.")


class AnsweredBefore(Exception):
    """Not a fault: the call has its answer, which is given again in place of the view's."""

    def __init__(self, call: IdempotentCall) -> None:
        super().__init__(call.key)
        self.call = call


def claim(request: Request, *, is_needed: bool, now: datetime) -> IdempotentCall | None:
    """The row that this call now holds; None if it has no key or changes nothing. Raises what is in the way."""
    key = request.headers.get(HEADER, "")
    if request.method in SAFE or (not key and not is_needed):
        return None
    if not key:
        raise KeyMissing
    if not KEY.fullmatch(key):
        raise KeyMalformed
    with transaction.atomic():
        return _claimed(request, key, _fingerprint(request), now=now)


def settle(call: IdempotentCall, response: Response, *, content: bytes, now: datetime) -> None:
    """Keeps the answer. After a failure of ours nothing is kept, so that the client may try again with its key."""
    mine = IdempotentCall.objects.filter(pk=call.pk, begun_at=call.begun_at, answered_at__isnull=True)
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        mine.delete()
        return
    mine.update(
        answered_at=now,
        status=response.status_code,
        content_type=response.content_type or response.accepted_media_type,
        body=content.decode(),
    )


def forget(*, now: datetime) -> int:
    """Nightly: what is older than a day; how many there were."""
    return IdempotentCall.objects.filter(begun_at__lte=now - KEPT_FOR).delete()[0]


def _claimed(request: Request, key: str, fingerprint: str, *, now: datetime) -> IdempotentCall:
    call, is_new = IdempotentCall.objects.get_or_create(
        client=request.auth.client_id,
        account=request.auth.user,
        key=key,
        defaults={"fingerprint": fingerprint, "begun_at": now},
    )
    if is_new:
        return call
    call = IdempotentCall.objects.select_for_update().get(pk=call.pk)
    if call.fingerprint != fingerprint:
        raise KeyUsedOtherwise
    if call.answered_at is not None:
        raise AnsweredBefore(call)
    if call.begun_at > now - LEASE:
        raise StillRunning
    call.begun_at = now
    call.save(update_fields=["begun_at"])
    return call


def _fingerprint(request: Request) -> str:
    said = [str(request.method), request.get_full_path(), hashlib.sha256(request._request.body).hexdigest()]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
