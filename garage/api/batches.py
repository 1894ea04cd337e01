"""Batches of reports from machines: the good are kept, the others answered one by one by their place."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from garage.rules.said import MOST_AT_ONCE

# Code, and the sentence for whoever runs the machine.
Why = tuple[str, object]


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
