"""Asking again costs little, and nobody overwrites what they have not seen: entity tags over the answer's bytes.

The tags are strong, since If-Match knows no others; one that a compressing proxy has weakened on its way is taken too.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
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


def unless_changed(patch: Callable[..., Response]) -> Callable[..., Response]:
    """Of a view that can be read: what was shown is compared and changed under one lock, which its `hold` takes. Of two
    that send the same tag at the same moment one is late."""

    @wraps(patch)
    def held(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        if "If-Match" not in request.headers:
            return patch(view, request, *args, **kwargs)
        with transaction.atomic():
            view.hold(request, *args, **kwargs)
            check_unchanged(request, JSONRenderer().render(view.get(request, *args, **kwargs).data))
            return patch(view, request, *args, **kwargs)

    return held


def check_unchanged(request: Request, current: bytes) -> None:
    """If-Match, where it was sent. Raises `ChangedMeanwhile`."""
    if not _names(request.headers.get("If-Match", ""), tag_of(current)):
        raise ChangedMeanwhile


def _names(header: str, tag: str) -> bool:
    named = parse_etags(header)
    return named == ["*"] or tag in {each.removeprefix("W/") for each in named}
