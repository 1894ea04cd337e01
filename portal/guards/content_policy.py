"""The header that says what a page may contain (ASVS 3.4.3), put together once and not for each answer."""

from collections.abc import Mapping
from typing import Any

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ContentPolicy(CSPMiddleware):
    """An answer that changes the policy, or a page that asked for a nonce, has its own written as the package does."""

    _written: tuple[Mapping[str, Any] | None, str] = (None, "")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_own = hasattr(request, "_csp_nonce") or any(name.startswith("_csp_") for name in vars(response))
        # Django's pages for developers have theirs, or none, by the package's own rules.
        if is_own or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._usual())
        # Asked for from here on, it would be in no header.
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response

    def _usual(self) -> str:
        policy = settings.CONTENT_SECURITY_POLICY
        if self._written[0] is not policy:
            self._written = (policy, build_policy())
        return self._written[1]
