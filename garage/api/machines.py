"""What machines bring and ask for: cars and orders from the registry, pairing codes for the vehicle backend."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.pair import issue_pairing_code
from garage.api import machine_examples as examples
from garage.api.machine_serializers import (
    BatchSerializer,
    CarSerializer,
    OrderBatchSerializer,
    OrderOutcomeSerializer,
    OutcomeSerializer,
    PairingCodeSerializer,
    VehicleBatchSerializer,
)
from garage.files.csv_rows import BadCell
from garage.files.orders import load_order_rows
from garage.pairing_qr import pairing_address
from garage.registry.loading import load_rows
from portal.api.machine import MachineView


class PairingCodesView(MachineView):
    """A code for a car whose screen wants to show one: good for ten minutes and once (G2, V1)."""

    scopes = {"POST": "vehicles.report"}
    # Whoever has a code gets into the car: it is kept nowhere.
    kept_nowhere = frozenset({"POST"})

    @extend_schema(request=CarSerializer, responses={201: PairingCodeSerializer}, examples=examples.PAIRING)
    def post(self, request: Request) -> Response:
        given = CarSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        issued = issue_pairing_code(vin=given.validated_data["vin"], now=self.now)
        shown = {"code": issued.code, "expires_at": issued.expires_at, "qr": pairing_address(issued.code)}
        return Response(PairingCodeSerializer(shown).data, status=status.HTTP_201_CREATED)


class BatchView(MachineView):
    """Rows in batches: the good ones are kept, each bad one is answered; sent again they are unchanged."""

    scopes = {"POST": "vehicles.registry"}
    keyed = frozenset({"POST"})
    largest_body = 1_000_000
    load: ClassVar[Callable[..., Any]]
    answer: ClassVar[type[OutcomeSerializer]]

    def taken(self, request: Request) -> Response:
        given = BatchSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        bad: list[BadCell] = []
        outcome = type(self).load(given.validated_data["rows"], now=self.now, report=bad.append)
        return Response(self.answer(outcome, context={"bad": bad}).data)


class RegistryVehiclesView(BatchView):
    """Cars into the local registry, as `manage.py import_vehicles` takes them from a file."""

    load = staticmethod(load_rows)
    answer = OutcomeSerializer

    @extend_schema(request=VehicleBatchSerializer, responses=OutcomeSerializer, examples=examples.VEHICLES)
    def post(self, request: Request) -> Response:
        return self.taken(request)


class RegistryOrdersView(BatchView):
    """Ordered cars and their stages, as `manage.py import_orders` takes them from a file (G4)."""

    load = staticmethod(load_order_rows)
    answer = OrderOutcomeSerializer

    @extend_schema(request=OrderBatchSerializer, responses=OrderOutcomeSerializer, examples=examples.ORDERS)
    def post(self, request: Request) -> Response:
        return self.taken(request)
