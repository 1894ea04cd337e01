"""Trips from the vehicle backend, in batches (T1)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.take_trips import Taken, take_trips
from garage.api.trip_serializers import MOST, TripsSerializer, TripsTakenSerializer
from garage.rules.trips import Fault, Report, Unreadable, read
from garage.words.trip_reports import LEFT_OUT, PROBLEMS
from portal.api.machine import MachineView


class TripsView(MachineView):
    """Up to 1,000 trips, of any cars, in any order, however late: the good are kept, the others answered one by one."""

    scopes = {"POST": "vehicles.report"}
    keyed = frozenset({"POST"})
    # 1,000 trips with all that they say, and room to spare.
    largest_body = 600_000

    @extend_schema(request=TripsSerializer, responses=TripsTakenSerializer)
    def post(self, request: Request) -> Response:
        refused: list[tuple[int, Fault]] = []
        reports: dict[int, Report] = {}
        for index, said in enumerate(_batch(request.data)):
            try:
                reports[index] = read(said, now=self.now)
            except Unreadable as unreadable:
                refused += [(index, fault) for fault in unreadable.faults]
        taken = take_trips(reports=list(reports.values()), now=self.now)
        left_out = list(_left_out(reports, taken))
        known = len(reports) - len(left_out) - taken.new
        answer = {"kept": taken.new, "known": known, "left_out": left_out, "refused": list(_refused(refused))}
        return Response(answer)


def _batch(data: Any) -> list[Any]:
    trips = data.get("trips") if isinstance(data, dict) else None
    if not isinstance(trips, list) or not 0 < len(trips) <= MOST:
        raise ValidationError({"trips": [_("A list of 1 to 1,000 trips is needed.")]})
    return trips


def _left_out(reports: dict[int, Report], taken: Taken) -> Iterator[dict[str, Any]]:
    for (index, report), verdict in zip(reports.items(), taken.left_out, strict=True):
        if verdict:
            yield {"index": index, "id": str(report.id), "code": verdict.value, "detail": str(LEFT_OUT[verdict])}


def _refused(faults: Iterable[tuple[int, Fault]]) -> Iterator[dict[str, Any]]:
    for index, fault in faults:
        problem = fault.problem
        yield {"index": index, "field": fault.field, "code": problem.value, "detail": str(PROBLEMS[problem])}
