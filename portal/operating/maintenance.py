"""While the portal is worked on: every page is one page, 503, which says until when. The database is not asked.

Switched on by MAINTENANCE_UNTIL, with the time and its offset as the page is to name them (`2026-11-28T04:00+02:00`).
"""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

# Signs of life go on; a load balancer is not to take the process for dead.
ALWAYS = ("/alive/", "/ready/")
SOONEST_SECONDS = 60


class Maintenance:
    """First after static files. What is asked for by the API gets problem details, as always."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        until: datetime | None = settings.MAINTENANCE_UNTIL
        if until is None:
            raise MiddlewareNotUsed
        self.get_response, self.until = get_response, until

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ALWAYS):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            facts = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "code": "maintenance"}
            answer: HttpResponse = JsonResponse(facts, content_type="application/problem+json")
        else:
            answer = HttpResponse(render_to_string("maintenance.html", self._said()))
        answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        left = int((self.until - timezone.now()).total_seconds())
        answer["Retry-After"] = max(left, SOONEST_SECONDS)
        answer["Cache-Control"] = "no-store"
        return answer

    def _said(self) -> dict[str, str]:
        """By the clock that the setting names, whatever the server's is."""
        until = self.until
        return {"time": f"{until:%H:%M}", "day": f"{until.day}/{until.month}/{until.year}"}
