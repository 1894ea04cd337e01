"""Asking again costs little, and nobody overwrites what they have not seen: entity tags over the answer's bytes.

The tags are strong, since If-Match knows no others; one that a compressing proxy has weakened on its way is taken too.
"""

import hashlib
from http import HTTPStatus

from django.http import HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

KEPT = ("Cache-Control", "Content-Language", "Vary")


class ChangedMeanwhile(exceptions.APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = "changed_meanwhile"
    default_detail = _("This has been changed meanwhile. Please look again.")


def tag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def with_tag(request: Request, answer: Response) -> Response | HttpResponseNotModified:
    """The answer with its tag; without a body where the caller has just these bytes."""
    tag = tag_of(answer.render().content)
    answer["ETag"] = tag
    if not _names(request.headers.get("If-None-Match", ""), tag):
        return answer
    known = HttpResponseNotModified(headers={"ETag": tag})
    for name in KEPT:
        if name in answer:
            known[name] = answer[name]
    return known


def check_unchanged(request: Request, current: bytes) -> None:
    """If-Match, where it was sent. Raises `ChangedMeanwhile`."""
    if not _names(request.headers.get("If-Match", ""), tag_of(current)):
        raise ChangedMeanwhile


def _names(header: str, tag: str) -> bool:
    named = parse_etags(header)
    return named == ["*"] or tag in {each.removeprefix("W/") for each in named}
