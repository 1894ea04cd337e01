"""Reports of state, alerts and Privacy Mode from the vehicle backend, in batches (G10, D2)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.report import Taken, take_reports
from garage.api.batches import TakenSerializer, answer, batch_of
from garage.api.report_serializers import ReportsSerializer
from garage.rules.report_reading import Unreadable, read
from garage.rules.reports import Fault, Report
from garage.words.reports import NOBODYS, fault_sentence
from portal.api.machine import MachineView


class VehicleReportsView(MachineView):
    """Up to 500 reports, of any cars, in any order, however late: the good are kept, the others answered one by one."""

    scopes = {"POST": "vehicles.report"}
    keyed = frozenset({"POST"})
    # 500 reports of all that a car can say.
    largest_body = 600_000

    @extend_schema(request=ReportsSerializer, responses=TakenSerializer)
    def post(self, request: Request) -> Response:
        reports: dict[int, Report] = {}
        refused: dict[int, Fault] = {}
        for index, said in enumerate(batch_of(request.data)):
            try:
                reports[index] = read(said)
            except Unreadable as unreadable:
                refused[index] = unreadable.fault
        return Response(_answer(take_reports(reports=reports, now=self.now), refused))


def _answer(taken: Taken, unreadable: dict[int, Fault]) -> dict[str, Any]:
    refused = unreadable | taken.refused
    return answer(
        kept=taken.kept,
        known=taken.known,
        left_out=[(index, ("nobodys", NOBODYS)) for index in taken.left_out],
        refused=[(index, fault.field, (str(fault.problem), fault_sentence(fault))) for index, fault in refused.items()],
    )
