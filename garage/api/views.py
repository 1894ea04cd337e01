"""The garage for the app: my cars, one of them, adding, proving access, selecting, naming, and ordered cars."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from garage import actions
from garage.access import listed_memberships, membership_or_404, ordered_vehicles, tries_left
from garage.actions.locks import lock_car
from garage.api import examples
from garage.api.serializers import (
    AccessSerializer,
    AddVehicleSerializer,
    OrderedVehiclesSerializer,
    RenameSerializer,
    VehicleDetailSerializer,
    VehiclesSerializer,
)
from garage.models import Membership
from garage.ordered import order_portrait
from garage.portrait import portrait
from garage.rules.membership import has_room
from portal.api.conditional import unless_changed
from portal.api.views import ApiView


class VehiclesView(ApiView):
    """My cars."""

    scopes = {"GET": "vehicles.read", "POST": "vehicles.write"}

    @extend_schema(operation_id="vehicles_list", responses=VehiclesSerializer, examples=examples.VEHICLES)
    def get(self, request: Request) -> Response:
        cars = [portrait(membership) for membership in listed_memberships(request.user)]
        return Response(VehiclesSerializer({"results": cars, "has_room": has_room(len(cars))}).data)

    @extend_schema(
        request=AddVehicleSerializer, responses={201: VehicleDetailSerializer}, examples=examples.ADD + examples.VEHICLE
    )
    def post(self, request: Request) -> Response:
        """By VIN or plate, not verified yet; by the code of the car's screen, which proves access at once (G2, V1)."""
        given = AddVehicleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        membership = self._add(request, **given.validated_data)
        return Response(shown(request, membership.public_id), status=status.HTTP_201_CREATED)

    def _add(self, request: Request, *, vin: str = "", plate: str = "", code: str = "") -> Membership:
        facts: dict[str, Any] = {"account": request.user, "now": self.now, "by": request.user}
        if vin:
            return actions.add_vehicle(vin=vin, **facts)
        if plate:
            return actions.add_vehicle_by_plate(plate=plate, **facts)
        return actions.redeem_pairing_code(code=code, address=_address(request), **facts)


class VehicleView(ApiView):
    """One of my cars."""

    scopes = {"GET": "vehicles.read", "PATCH": "vehicles.write"}

    @extend_schema(responses=VehicleDetailSerializer, examples=examples.VEHICLE + examples.NOT_VERIFIED)
    def get(self, request: Request, public_id: UUID) -> Response:
        return Response(shown(request, public_id))

    @extend_schema(request=RenameSerializer, responses=VehicleDetailSerializer, examples=examples.RENAME)
    @unless_changed
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Gives it a nickname, or takes it away (G9)."""
        membership = membership_or_404(request.user, public_id)
        given = RenameSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        actions.rename_vehicle(membership=membership, now=self.now, by=request.user, **given.validated_data)
        return Response(shown(request, public_id))

    def hold(self, request: Request, public_id: UUID) -> None:
        link = membership_or_404(request.user, public_id)
        lock_car(vehicle_id=link.vehicle_id, account_ids=[link.account_id])


class AccessView(ApiView):
    """Proves access to a car: by its odometer, three wrong readings ever, or by the code of its screen (V1, V2)."""

    scopes = {"POST": "vehicles.write"}
    # An answer that was lost must not cost a second try.
    keyed = frozenset({"POST"})

    @extend_schema(request=AccessSerializer, responses=VehicleDetailSerializer, examples=examples.ACCESS)
    def post(self, request: Request, public_id: UUID) -> Response:
        membership = membership_or_404(request.user, public_id)
        given = AccessSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        self._prove(request, membership, **given.validated_data)
        return Response(shown(request, public_id))

    def _prove(self, request: Request, membership: Membership, *, odometer_km: int = 0, code: str = "") -> None:
        if not code:
            actions.prove_access(membership=membership, odometer_km=odometer_km, now=self.now, by=request.user)
            return
        actions.redeem_pairing_code(
            account=request.user,
            code=code,
            address=_address(request),
            of_vehicle=membership.vehicle_id,
            now=self.now,
            by=request.user,
        )


class SelectionView(ApiView):
    """Makes it the car of which all service pages speak (G5)."""

    scopes = {"POST": "vehicles.write"}

    @extend_schema(request=None, responses=VehicleDetailSerializer, examples=examples.VEHICLE)
    def post(self, request: Request, public_id: UUID) -> Response:
        membership = membership_or_404(request.user, public_id)
        actions.select_vehicle(membership=membership, now=self.now, by=request.user)
        return Response(shown(request, public_id))


class OrderedVehiclesView(ApiView):
    """Cars on order, with their stages (G4)."""

    scopes = {"GET": "vehicles.read"}

    @extend_schema(operation_id="ordered_vehicles_list", responses=OrderedVehiclesSerializer, examples=examples.ORDERED)
    def get(self, request: Request) -> Response:
        orders = [order_portrait(order) for order in ordered_vehicles(request.user)]
        return Response(OrderedVehiclesSerializer({"results": orders}).data)


def shown(request: Request, public_id: UUID) -> Any:
    """As it is now: the call may have changed how the account stands to it."""
    membership = membership_or_404(request.user, public_id)
    context = {"tries_left": tries_left(membership)}
    return VehicleDetailSerializer(portrait(membership), context=context).data


def _address(request: Request) -> str:
    return str(get_adapter().get_client_ip(request._request))
