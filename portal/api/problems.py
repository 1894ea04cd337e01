"""Every "no" of the API in one shape: problem details (RFC 9457) with a stable `code` and words for the person.

`code` is for programs and never changes; `detail` is in the language of Accept-Language.
"""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.operating.unavailable import NOT_NOW, TRY_AGAIN_SECONDS
from portal.refusals import Refusal

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# Words for the person where REST framework speaks to programmers.
DETAILS: dict[str, Any] = {
    "not_authenticated": _("Please sign in."),
    "not_found": _("This does not exist."),
    "method_not_allowed": _("This cannot be done here."),
    "parse_error": _("The request could not be read."),
    "unsupported_media_type": _("The request must be JSON."),
    "not_acceptable": _("The answer is JSON only."),
    "throttled": _("Too many calls. Please wait a moment."),
    "invalid": _("Something that was sent is not right."),
    "unavailable": _("Something went wrong with us. Please try again later."),
    "error": _("Something went wrong with us. Please try again later."),
}


class TooLarge(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is too large.")
    default_code = "too_large"


class Refused(exceptions.APIException):
    """A rule says no: what was asked for does not fit what is there."""

    status_code = HTTPStatus.CONFLICT

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence, refusal.code)


def problem(error: Exception, context: dict[str, Any]) -> Response:
    """REST framework's handler of every exception, ours included; what nobody expected is logged, and says little."""
    known = _as_api_exception(error)
    response = exception_handler(known, context)
    if known is not error and isinstance(known, Unexpected | Unavailable):
        logger.error("The API failed.", exc_info=error)
        got_request_exception.send(sender=None, request=getattr(context["request"], "_request", None))
    assert response is not None  # noqa: S101  (there is one for every APIException)
    response.data = body_of(known)
    response.content_type = MEDIA_TYPE
    return response


def body_of(error: exceptions.APIException) -> dict[str, Any]:
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else "invalid"
    status = HTTPStatus(error.status_code)
    body: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": int(status), "code": code}
    body["detail"] = str(DETAILS.get(code) or error.detail)
    if code == "invalid":
        body["errors"] = list(_faults(error.get_full_details(), ()))
    return body


class Unexpected(exceptions.APIException):
    """500: the sentence tells nothing of what happened."""


class Unavailable(exceptions.APIException):
    """503: the database is away, or what is asked for is held; the same call may be sent again."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "unavailable"
    wait = TRY_AGAIN_SECONDS


def _as_api_exception(error: Exception) -> exceptions.APIException:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Refusal):
        return Refused(error)
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, NOT_NOW):
        return Unavailable()
    return Unexpected()


def _printable(sentence: str) -> str:
    """What was sent may be said again in a fault, and hold half a character, which no answer can."""
    return sentence.encode(errors="replace").decode()


def _faults(details: Any, path: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """One line for each fault: which field, a code, a sentence."""
    if isinstance(details, list):
        for each in details:
            yield from _faults(each, path)
    elif "message" in details and "code" in details and not isinstance(details["message"], list | dict):
        field = "" if path in {(), ("non_field_errors",)} else ".".join(path)
        yield {"field": field, "code": details["code"], "detail": _printable(str(details["message"]))}
    else:
        for name, inner in details.items():
            yield from _faults(inner, (*path, str(name)))
