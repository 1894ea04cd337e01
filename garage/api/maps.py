"""Maps for the cars' backend: which updates are to be sent, and what becomes of them (C6)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.map_reports import Taken, take_map_reports
from garage.api.batches import TakenSerializer, answer, batch_of
from garage.api.granted import AFTER, LIMIT, MOST_ROWS, ROWS
from garage.api.map_serializers import (
    EXAMPLES,
    TO_SEND,
    MapReportsSerializer,
    MapUpdatesSerializer,
    page_of,
)
from garage.maps import updates_to_send
from garage.models import MapUpdate
from garage.rules.map_reports import MapReport, read
from garage.rules.said import Fault, Unreadable
from garage.words.maps import NOT_HERE, OVER, fault_sentence
from portal.api.machine import MachineView
from portal.api.pagination import next_page, page_size, page_unknown


class MapUpdatesView(MachineView):
    """What is asked for, oldest first; and up to 500 reports, of any cars, in any order, however late."""

    scopes = {"GET": "vehicles.report", "POST": "vehicles.report"}
    keyed = frozenset({"POST"})
    # 500 reports, and room to spare.
    largest_body = 200_000

    @extend_schema(
        operation_id="map_updates_list", parameters=[AFTER, LIMIT], responses=MapUpdatesSerializer, examples=TO_SEND
    )
    def get(self, request: Request) -> Response:
        size = page_size(request.query_params.get("limit", ""), usual=ROWS, largest=MOST_ROWS)
        rows = list(_following(request)[: size + 1])
        page = rows[:size]
        following = next_page(request, page[-1].public_id) if len(rows) > size else None
        return Response(page_of(page, following))

    @extend_schema(request=MapReportsSerializer, responses=TakenSerializer, examples=EXAMPLES)
    def post(self, request: Request) -> Response:
        reports: dict[int, MapReport] = {}
        refused: dict[int, Fault] = {}
        for index, said in enumerate(batch_of(request.data)):
            try:
                reports[index] = read(said, now=self.now)
            except Unreadable as unreadable:
                refused[index] = unreadable.fault
        return Response(_answer(take_map_reports(reports=reports, now=self.now), refused))


def _following(request: Request) -> Any:
    """Those behind the update named by `after`, whatever has become of it since."""
    after = request.query_params.get("after", "")
    if not after:
        return updates_to_send()
    try:
        last = MapUpdate.objects.get(public_id=UUID(after))
    except (ValueError, MapUpdate.DoesNotExist) as error:
        raise page_unknown() from error
    return updates_to_send().filter(pk__gt=last.pk)


def _answer(taken: Taken, unreadable: dict[int, Fault]) -> dict[str, Any]:
    left_out = [(index, ("not_here", NOT_HERE)) for index in taken.not_here]
    refused = unreadable | taken.refused
    return answer(
        kept=taken.kept,
        known=taken.known,
        left_out=left_out + [(index, ("over", OVER)) for index in taken.over],
        refused=[(index, fault.field, (str(fault.problem), fault_sentence(fault))) for index, fault in refused.items()],
    )
