"""Lists by the page, by where the last one ended: what is added meanwhile shifts nothing, and page 1000 costs as 1."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    ordering = ("-created_at", "-pk")
    page_size = 50
    max_page_size = 100
    page_size_query_param = "limit"
    cursor_query_param = "after"
