"""Lists by the page, by where the last one ended: what is added meanwhile shifts nothing, and page 1000 costs as 1.

REST framework's own cursor counts from the top where many rows are of the same moment, as those of a nightly run are.
"""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from portal.links import absolute

PAGE, LARGEST_PAGE = 50, 100


class NewestFirst(BasePagination):
    """`after` is the id of the last row that the caller has, `limit` how many more it wants."""

    # The moment by which the rows are sorted.
    moment = "created_at"

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        size = page_size(request.query_params.get("limit", ""))
        found = _below(queryset, request.query_params.get("after", ""), moment=self.moment)
        rows = list(found.order_by(f"-{self.moment}", "-pk")[: size + 1])
        page = rows[:size]
        self.next = next_page(request, page[-1].public_id) if len(rows) > size else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        following = {
            "type": ["string", "null"],
            "format": "uri",
            "description": "The next page, if any.",
            "example": None,
        }
        properties = {"next": following, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        kinds = {
            "after": {"type": "string", "format": "uuid"},
            "limit": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
        }
        return [{"name": name, "required": False, "in": "query", "schema": kind} for name, kind in kinds.items()]


def page_size(asked: str, *, usual: int = PAGE, largest: int = LARGEST_PAGE) -> int:
    return min(max(int(asked), 1), largest) if asked.isdecimal() and len(asked) < 6 else usual


def next_page(request: Request, after: object) -> str:
    """Its address: on SITE_URL, never on a request's Host header."""
    return replace_query_param(absolute(request.get_full_path()), "after", after)


def page_unknown() -> NotFound:
    return NotFound(_("This page does not exist any more."), code="page_unknown")


def newest_by(moment: str) -> type[NewestFirst]:
    """The same by another moment of the rows."""
    return type("NewestFirst", (NewestFirst,), {"moment": moment})


def _below(queryset: QuerySet, after: str, *, moment: str) -> QuerySet:
    """What follows the row named by its public id, among those of the caller."""
    if not after:
        return queryset
    try:
        last = queryset.get(public_id=UUID(after))
    except (ValueError, queryset.model.DoesNotExist) as error:
        raise page_unknown() from error
    edge = getattr(last, moment)
    return queryset.filter(Q(**{f"{moment}__lt": edge}) | Q(**{moment: edge}, pk__lt=last.pk))
