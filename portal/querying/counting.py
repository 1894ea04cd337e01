"""How many rows there are, as a part of another query: a page that counts in several tables asks once."""

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery
from django.db.models.functions import Coalesce


def number_of(rows: QuerySet[Any], *, same: str) -> Coalesce:
    """`same` is a field that has one value in all of the rows: by it they are counted."""
    counted = rows.order_by().values(same).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
