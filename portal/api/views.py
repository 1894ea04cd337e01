"""What every call of the API goes through, in this order: size, token, scope, share, gates, key, view, answer."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api import conditional, gates, idempotency, versions
from portal.api.problems import TooLarge
from portal.models import IdempotentCall


class ApiView(APIView):
    """A view names the scope of each of its methods; `now` is the moment of the call."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    scopes: ClassVar[dict[str, str]] = {}
    # Methods that work before the Terms in force are accepted.
    before_terms: ClassVar[frozenset[str]] = frozenset()
    # Methods that work, too, for an account whose services pause for the Terms (A2).
    while_paused: ClassVar[frozenset[str]] = frozenset()
    # Methods that are refused without an Idempotency-Key.
    keyed: ClassVar[frozenset[str]] = frozenset()
    # Methods whose answers are kept nowhere, and whose key therefore counts for nothing.
    kept_nowhere: ClassVar[frozenset[str]] = frozenset()
    # In bytes, where a call takes more than the usual.
    largest_body: ClassVar[int | None] = None
    now: datetime
    claim: IdempotentCall | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.now = timezone.now()
        _check_size(request, self.largest_body or settings.API_LARGEST_BODY)
        super().initial(request, *args, **kwargs)
        self.pass_gates(request)
        if request.method not in self.kept_nowhere:
            self.claim = idempotency.claim(request, is_needed=request.method in self.keyed, now=self.now)

    def hold(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Within `unless_changed`: takes the locks under which what is patched changes, or finds nothing (404)."""
        raise TypeError(f"{type(self).__name__} is patched under no lock")

    def pass_gates(self, request: Request) -> None:
        gates.pass_through(request, self, self.now)

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, idempotency.AnsweredBefore):
            return _again(exc.call)  # type: ignore[return-value]
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        # What is somebody's own stays in nobody's cache.
        patch_cache_control(answer, private=True, no_store=True)
        versions.tell(answer, self)
        if self.claim is not None and isinstance(answer, Response):
            idempotency.settle(self.claim, answer, content=answer.rendered_content, now=self.now)
        if request.method in {"GET", "HEAD"} and answer.status_code == HTTPStatus.OK and isinstance(answer, Response):
            return conditional.with_tag(request, answer)
        return answer


class NoSuchAddress(APIView):
    """What is not an address of the API says so as a problem, not as a page."""

    permission_classes = [AllowAny]
    authentication_classes: ClassVar[list[Any]] = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound


def _check_size(request: Request, largest: int) -> None:
    """Before anything of the body is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > largest:
        raise TooLarge


def _again(call: IdempotentCall) -> HttpResponse:
    response = HttpResponse(call.body, status=call.status or HTTPStatus.OK, headers={"Idempotency-Replayed": "true"})
    response["Content-Type"] = call.content_type
    if not call.body:
        del response["Content-Type"]
    return response
