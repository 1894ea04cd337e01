"""Who else may use a car, and what else reaches it, for the app (G12, L1)."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from garage import actions
from garage.access import check_right, membership_or_404
from garage.api import examples
from garage.api.serializers import (
    DriverSerializer,
    DriversSerializer,
    InvitationsSerializer,
    InviteSerializer,
    LastDaySerializer,
    ReachSerializer,
    VehicleDetailSerializer,
)
from garage.api.views import shown
from garage.control_access import (
    driver_invitation_or_404,
    driver_or_404,
    drivers_of,
    invitations_that_stand,
    inviting_link_or_404,
    links_beside,
)
from garage.inviting import invite
from garage.models import Membership
from garage.rules.membership import Right
from portal import reach
from portal.api.views import ApiView
from portal.refusals import Refusal


class DriversView(ApiView):
    """Whom I have invited to my car."""

    scopes = {"GET": "vehicles.read", "POST": "vehicles.write"}

    @extend_schema(operation_id="drivers_list", responses=DriversSerializer, examples=examples.DRIVERS)
    def get(self, request: Request, public_id: UUID) -> Response:
        membership = _shared_by(request, public_id)
        rows = {"results": drivers_of(request.user, membership.vehicle)}
        return Response(DriversSerializer(rows, context={"now": self.now}).data)

    @extend_schema(request=InviteSerializer, responses={201: DriverSerializer}, examples=examples.INVITE)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Mails a link that is good for seven days and once, whether an account has the address or not."""
        membership = _shared_by(request, public_id)
        given = InviteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        access = invite(membership, now=self.now, **given.validated_data)
        invited = DriverSerializer(access, context={"now": self.now})
        return Response(invited.data, status=status.HTTP_201_CREATED)


class DriverView(ApiView):
    """One of my drivers."""

    scopes = {"PATCH": "vehicles.write", "DELETE": "vehicles.write"}

    @extend_schema(request=LastDaySerializer, responses=DriverSerializer, examples=examples.LAST_DAY)
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Sets the last day, or takes it away; the driver is told."""
        access = driver_or_404(request.user, public_id)
        inviting_link_or_404(access)
        given = LastDaySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        limited = actions.limit_driver(access=access, now=self.now, by=request.user, **given.validated_data)
        return Response(DriverSerializer(limited, context={"now": self.now}).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Ends the invitation, or the driver's access, at once."""
        access = driver_or_404(request.user, public_id)
        inviting_link_or_404(access)
        actions.end_driver(access=access, now=self.now, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationsView(ApiView):
    """Invitations to me, to drive somebody's car, as long as they are good."""

    scopes = {"GET": "vehicles.read"}

    @extend_schema(
        operation_id="driver_invitations_list", responses=InvitationsSerializer, examples=examples.INVITATIONS
    )
    def get(self, request: Request) -> Response:
        good = invitations_that_stand(request.user, now=self.now)
        return Response(InvitationsSerializer({"results": good}).data)


class InvitationView(ApiView):
    """Accepts it: the car is in the garage, and I am its driver."""

    scopes = {"POST": "vehicles.write"}

    @extend_schema(request=None, responses=VehicleDetailSerializer, examples=examples.VEHICLE)
    def post(self, request: Request, public_id: UUID) -> Response:
        access = driver_invitation_or_404(request.user, public_id)
        link = actions.accept_driving(access=access, now=self.now, by=request.user)
        return Response(shown(request, link.public_id))


class ReachView(ApiView):
    """Who and what can reach my car."""

    scopes = {"GET": "vehicles.read"}

    @extend_schema(responses=ReachSerializer, examples=examples.REACH)
    def get(self, request: Request, public_id: UUID) -> Response:
        membership = _shared_by(request, public_id)
        found = {
            "links": links_beside(membership),
            "drivers": drivers_of(request.user, membership.vehicle).filter(driver__isnull=False),
            "sections": reach.sections_of(request.user, membership.vehicle),
        }
        return Response(ReachSerializer(found, context={"now": self.now}).data)


class ReacherView(ApiView):
    """Takes the leave back: cuts another account off, signs an app out."""

    scopes = {"DELETE": "vehicles.write"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: UUID, reacher_id: UUID) -> Response:
        membership = _shared_by(request, public_id)
        link = links_beside(membership).filter(public_id=reacher_id).first()
        if link:
            actions.cut_off(membership=membership, other=link, now=self.now, by=request.user)
        else:
            self._end(request, membership, reacher_id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _end(self, request: Request, membership: Membership, reacher_id: UUID) -> None:
        reacher = reach.find(request.user, membership.vehicle, reacher_id)
        if reacher is None:
            raise Http404
        if reacher.end is None:
            raise Refusal("not_ended_here", _("This cannot be ended here. Its description says how."))
        reacher.end(now=self.now, by=request.user)


def _shared_by(request: Request, public_id: UUID) -> Membership:
    """My car, if I may share it (G11). Raises `Refusal` right_missing."""
    membership = membership_or_404(request.user, public_id)
    check_right(membership, Right.SHARING)
    return membership
