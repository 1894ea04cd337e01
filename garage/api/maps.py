"""Maps for the cars' backend: which updates are to be sent, and what becomes of them (C6)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.map_reports import Taken, take_map_reports
from garage.api.batches import TakenSerializer, answer, in_words, oldest_first, read_each
from garage.api.granted import AFTER, LIMIT
from garage.api.map_serializers import (
    EXAMPLES,
    TO_SEND,
    MapReportsSerializer,
    MapUpdatesSerializer,
    page_of,
)
from garage.maps import updates_to_send
from garage.rules.map_reports import read
from garage.rules.said import Fault
from garage.words.maps import NOT_HERE, OVER
from portal.api.machine import MachineView


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
        rows, following = oldest_first(request, updates_to_send())
        return Response(page_of(rows, following))

    @extend_schema(request=MapReportsSerializer, responses=TakenSerializer, examples=EXAMPLES)
    def post(self, request: Request) -> Response:
        reports, refused = read_each(request.data, read, now=self.now)
        return Response(_answer(take_map_reports(reports=reports, now=self.now), refused))


def _answer(taken: Taken, unreadable: dict[int, Fault]) -> dict[str, Any]:
    left_out = [(index, ("not_here", NOT_HERE)) for index in taken.not_here]
    return answer(
        kept=taken.kept,
        known=taken.known,
        left_out=left_out + [(index, ("over", OVER)) for index in taken.over],
        refused=in_words(unreadable | taken.refused),
    )
