"""Batches of reports from machines: the good are kept, the others answered one by one by their place."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from garage.api.granted import MOST_ROWS, ROWS
from garage.rules.said import MOST_AT_ONCE, Fault, Unreadable
from garage.words.maps import fault_sentence
from portal.api.pagination import next_page, page_size, page_unknown

# Code, and the sentence for whoever runs the machine.
Why = tuple[str, object]
Report = TypeVar("Report")
Row = TypeVar("Row", bound=Model)


class LeftOutSerializer(serializers.Serializer):
    index = serializers.IntegerField(help_text="Counted from 0, in the order of the request.")
    code = serializers.CharField()
    detail = serializers.CharField()


class RefusedSerializer(LeftOutSerializer):
    field = serializers.CharField(help_text="Empty: of the whole report.")


class TakenSerializer(serializers.Serializer):
    kept = serializers.IntegerField(help_text="What was news.")
    known = serializers.IntegerField(help_text="Told before, twice in this request, or overtaken by what was told.")
    left_out = LeftOutSerializer(many=True, help_text="Right, and not kept: there is nothing to mend.")
    refused = RefusedSerializer(many=True, help_text="Wrong: the first fault of each.")


def batch_of(data: Any) -> list[Any]:
    """The reports of a call. Raises `ValidationError`."""
    reports = data.get("reports") if isinstance(data, Mapping) else None
    if not isinstance(reports, list) or not 0 < len(reports) <= MOST_AT_ONCE:
        sentence = _("A list of 1 to %(most)d reports is needed.") % {"most": MOST_AT_ONCE}
        raise ValidationError({"reports": [sentence]})
    return reports


def read_each(data: Any, read: Callable[..., Report], *, now: datetime) -> tuple[dict[int, Report], dict[int, Fault]]:
    """By their place: the reports that `read` understands, and the first fault of each other one."""
    reports: dict[int, Report] = {}
    faults: dict[int, Fault] = {}
    for index, said in enumerate(batch_of(data)):
        try:
            reports[index] = read(said, now=now)
        except Unreadable as unreadable:
            faults[index] = unreadable.fault
    return reports, faults


def in_words(faults: Mapping[int, Fault]) -> list[tuple[int, str, Why]]:
    """What `answer` says of them."""
    return [(index, fault.field, (str(fault.problem), fault_sentence(fault))) for index, fault in faults.items()]


def oldest_first(request: Request, rows: QuerySet[Row]) -> tuple[list[Row], str | None]:
    """A page of what a machine has to do, and the address of the next: behind the row named by `after`, whatever has
    become of it since."""
    size = page_size(request.query_params.get("limit", ""), usual=ROWS, largest=MOST_ROWS)
    after = request.query_params.get("after", "")
    if after:
        try:
            rows = rows.filter(pk__gt=rows.model._base_manager.values_list("pk", flat=True).get(public_id=UUID(after)))
        except (ValueError, ObjectDoesNotExist) as error:
            raise page_unknown() from error
    found: list[Any] = list(rows[: size + 1])
    return found[:size], next_page(request, found[size - 1].public_id) if len(found) > size else None


def answer(
    *, kept: int, known: int, left_out: Iterable[tuple[int, Why]], refused: Iterable[tuple[int, str, Why]]
) -> dict[str, Any]:
    """`left_out` by place, `refused` by place and field."""
    return {
        "kept": kept,
        "known": known,
        "left_out": [
            {"index": index, "code": code, "detail": str(sentence)} for index, (code, sentence) in sorted(left_out)
        ],
        "refused": [
            {"index": index, "field": field, "code": code, "detail": str(sentence)}
            for index, field, (code, sentence) in sorted(refused)
        ],
    }
