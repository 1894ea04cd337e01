"""What owners have let a third party read (D3): which cars, and rows of each kind. Every reading is on record."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.read_granted import granted_to, read_granted
from garage.data.own_rows import Place, read_place
from garage.models import DataGrant
from portal.api.machine import MachineView
from portal.api.pagination import next_page, page_size, page_unknown

ROWS, MOST_ROWS = 200, 1000
AFTER = OpenApiParameter("after", str, description="Where the page before ended: as `next` has it.")
LIMIT = OpenApiParameter("limit", int, description=f"How many rows: {ROWS}, at most {MOST_ROWS}.")


class GrantedVehicleSerializer(serializers.ModelSerializer):
    """No name, no VIN, no plate: `reference` is what the owner says that the third party knows it by."""

    grant = serializers.UUIDField(source="public_id")

    class Meta:
        model = DataGrant
        fields = ("grant", "reference", "kinds", "has_history", "granted_at", "ends_on")


class GrantedVehiclesSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True, help_text="The next page, if any.")
    results = GrantedVehicleSerializer(many=True)


class AskedSerializer(serializers.Serializer):
    since = serializers.DateTimeField(required=False, help_text="Only rows that arose then or later.")


class GrantedRowsSerializer(serializers.Serializer):
    kind = serializers.CharField()
    unit = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    next = serializers.URLField(allow_null=True, help_text="The next page, if any.")
    results = serializers.ListField(child=serializers.DictField(), help_text="Oldest first.")


class GrantedVehiclesView(MachineView):
    """The grants that may be read by now, the oldest first."""

    scopes = {"GET": "vehicle_data.read"}

    @extend_schema(operation_id="granted_vehicles_list", parameters=[AFTER, LIMIT], responses=GrantedVehiclesSerializer)
    def get(self, request: Request) -> Response:
        size = page_size(request.query_params.get("limit", ""), usual=ROWS, largest=MOST_ROWS)
        rows = list(_following(request, self.now)[: size + 1])
        page = rows[:size]
        following = next_page(request, page[-1].public_id) if len(rows) > size else None
        return Response({"next": following, "results": GrantedVehicleSerializer(page, many=True).data})


class GrantedRowsView(MachineView):
    """Rows of one kind of one car. A grant that has ended, or is another's, is not there."""

    scopes = {"GET": "vehicle_data.read"}

    @extend_schema(
        operation_id="granted_rows_list", parameters=[AFTER, LIMIT, AskedSerializer], responses=GrantedRowsSerializer
    )
    def get(self, request: Request, grant: UUID, kind: str) -> Response:
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        read = read_granted(
            client_id=request.auth.client_id,
            grant_id=grant,
            kind=kind,
            since=asked.validated_data.get("since"),
            after=_place(request),
            limit=page_size(request.query_params.get("limit", ""), usual=ROWS, largest=MOST_ROWS),
            now=self.now,
        )
        following = next_page(request, read.place) if read.place else None
        facts: dict[str, Any] = {
            "kind": read.kind.name,
            "unit": str(read.kind.unit),
            "columns": read.kind.columns,
        }
        return Response(facts | {"next": following, "results": read.rows})


def _following(request: Request, now: Any) -> Any:
    """Those behind the grant named by `after`, among the caller's own."""
    found = granted_to(request.auth.client_id, now=now).order_by("pk")
    after = request.query_params.get("after", "")
    if not after:
        return found
    try:
        last = DataGrant.objects.get(third_party__client=request.auth.client_id, public_id=UUID(after))
    except (ValueError, DataGrant.DoesNotExist) as error:
        raise page_unknown() from error
    return found.filter(pk__gt=last.pk)


def _place(request: Request) -> Place | None:
    after = request.query_params.get("after", "")
    try:
        return read_place(after) if after else None
    except ValueError as error:
        raise page_unknown() from error
