"""Plain HTTP: a browser is led on to HTTPS, a program is refused, so that whoever wrote it notices (ASVS 4.1.2).

Led on, a program would send its token once in the clear at each call, and nobody would know.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

# What apps, cars, machines and the provider call. Calendars are led on: of `webcal:` some make plain HTTP first.
CALLED_BY_PROGRAMS = (
    *("/api/", "/webhooks/", "/.well-known/"),
    *("/identity/token", "/identity/revoke", "/identity/device-code", "/identity/userinfo"),
)
REFUSED = {
    "type": "about:blank",
    "title": "HTTPS only",
    "status": 403,
    "code": "https_only",
    "detail": "Nothing is answered here without TLS. What this call has sent, it has sent in the clear.",
}


class RefusePlainCalls:
    """In front of Django's own middleware, which leads everything on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        called = request.path_info.startswith(CALLED_BY_PROGRAMS)
        if called and settings.SECURE_SSL_REDIRECT and not request.is_secure():
            response = JsonResponse(REFUSED, status=403, content_type="application/problem+json")
            response["X-Content-Type-Options"] = "nosniff"
            return response
        return self.get_response(request)
