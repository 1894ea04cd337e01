"""The site, but that a refusal is no page: of a thousand of them none has to be drawn."""

from typing import Any

from django.http import HttpRequest, HttpResponseForbidden

from portal.urls import urlpatterns

__all__ = ["handler403", "urlpatterns"]


def handler403(request: HttpRequest, exception: Any) -> HttpResponseForbidden:
    return HttpResponseForbidden()
