"""Reports of state, alerts and Privacy Mode from the vehicle backend, in batches (G10, D2)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.report import Taken, take_reports
from garage.api.report_serializers import ReportsSerializer, ReportsTakenSerializer
from garage.report_wording import NOBODYS, fault_sentence
from garage.rules.report_reading import Unreadable, read
from garage.rules.reports import MOST_AT_ONCE, Fault, Report
from portal.api.machine import MachineView


class VehicleReportsView(MachineView):
    """Up to 500 reports, of any cars, in any order, however late: the good are kept, the others answered one by one."""

    scopes = {"POST": "vehicles.report"}
    keyed = frozenset({"POST"})
    # 500 reports of all that a car can say.
    largest_body = 600_000

    @extend_schema(request=ReportsSerializer, responses=ReportsTakenSerializer)
    def post(self, request: Request) -> Response:
        reports: dict[int, Report] = {}
        refused: dict[int, Fault] = {}
        for index, said in enumerate(_batch(request.data)):
            try:
                reports[index] = read(said)
            except Unreadable as unreadable:
                refused[index] = unreadable.fault
        return Response(_answer(take_reports(reports=reports, now=self.now), refused))


def _batch(data: Any) -> list[Any]:
    reports = data.get("reports") if isinstance(data, Mapping) else None
    if not isinstance(reports, list) or not 0 < len(reports) <= MOST_AT_ONCE:
        sentence = _("A list of 1 to %(most)d reports is needed.") % {"most": MOST_AT_ONCE}
        raise ValidationError({"reports": [sentence]})
    return reports


def _answer(taken: Taken, unreadable: dict[int, Fault]) -> dict[str, Any]:
    refused = sorted((unreadable | taken.refused).items())
    return {
        "kept": taken.kept,
        "known": taken.known,
        "left_out": [{"index": index, "code": "nobodys", "detail": str(NOBODYS)} for index in taken.left_out],
        "refused": [
            {"index": index, "field": fault.field, "code": str(fault.problem), "detail": fault_sentence(fault)}
            for index, fault in refused
        ],
    }
