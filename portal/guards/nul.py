"""A NUL in an address is nobody's mistake. PostgreSQL takes none: 400, where a page has no words of its own for it."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request

# Its calls answer in their own way (`portal/api/problems.py`).
API = "/api/"


class RefuseNul:
    """Forms refuse a NUL themselves, in words beside the field."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        is_nul = isinstance(error, DataError | ValueError) and "NUL" in str(error)
        return bad_request(request, error) if is_nul and not request.path_info.startswith(API) else None
