"""A NUL in an address is nobody's mistake. PostgreSQL takes none: refused before any page looks something up."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

# Its calls answer in their own way (`portal/api/problems.py`).
API = "/api/"


class RefuseNul:
    """Forms refuse a NUL themselves, in words beside the field."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API) and _has_nul(request):
            raise BadRequest("NUL")
        return self.get_response(request)


def _has_nul(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    return "\x00" in request.path_info or "%00" in query or "\x00" in query
