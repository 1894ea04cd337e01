"""Service records of a dealer: told by its own system in batches, each once by the dealer's own id (G8)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.dealer_records import ToldRecord, take_service_records
from garage.api import dealer_examples as examples
from garage.api.batches import TakenSerializer, Why, answer, oldest_first
from garage.api.dealer import DealerView
from garage.api.dealer_serializers import (
    AnyRecordsSerializer,
    DealersRecordsSerializer,
    ToldRecordSerializer,
    ToldRecordsSerializer,
)
from garage.api.granted import AFTER, LIMIT
from garage.models import ServiceRecord


class ServiceRecordsView(DealerView):
    """The dealer's own records; and up to 200 new ones: the good are kept, the others answered one by one."""

    scopes = {"GET": "dealer", "POST": "dealer"}
    keyed = frozenset({"POST"})
    # 200 records of all that can be said.
    largest_body = 800_000

    @extend_schema(
        operation_id="dealer_service_records_list",
        parameters=[AFTER, LIMIT],
        responses=DealersRecordsSerializer,
        examples=examples.RECORDS,
    )
    def get(self, request: Request) -> Response:
        own = ServiceRecord.objects.filter(dealer=self.workshop.dealer_id, is_own=False).select_related("vehicle")
        rows, following = oldest_first(request, own.order_by("pk"))
        return Response(DealersRecordsSerializer({"next": following, "results": rows}).data)

    @extend_schema(request=ToldRecordsSerializer, responses=TakenSerializer, examples=examples.TOLD)
    def post(self, request: Request) -> Response:
        given = AnyRecordsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        records, refused = _read(given.validated_data["records"])
        taken = take_service_records(workshop=self.workshop, records=records, now=self.now)
        refused += [(index, "", (no.code, no.sentence)) for index, no in taken.refused.items()]
        return Response(answer(kept=taken.kept, known=taken.known, left_out=[], refused=refused))


def _read(rows: list[Any]) -> tuple[dict[int, ToldRecord], list[tuple[int, str, Why]]]:
    """By their place: what can be read, and the first fault of each other one."""
    records: dict[int, ToldRecord] = {}
    refused: list[tuple[int, str, Why]] = []
    for index, row in enumerate(rows):
        told = ToldRecordSerializer(data=row)
        if told.is_valid():
            facts = dict(told.validated_data)
            records[index] = ToldRecord(reference=facts.pop("id"), **facts)
        else:
            refused.append((index, *_first_fault(told.errors)))
    return records, refused


def _first_fault(errors: Any) -> tuple[str, Why]:
    field, fault = next(iter(errors.items()))
    while not isinstance(fault, ErrorDetail):
        fault = next(iter(fault.values() if isinstance(fault, dict) else fault))
    return "" if field == "non_field_errors" else field, (str(fault.code), fault)
