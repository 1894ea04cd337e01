"""The car's screen: one's profile on it, its maps; and for the screen itself which services run, until when (C6)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.pausing import is_paused
from garage.access import check_right, listed_memberships, membership_or_404
from garage.actions.map_updates import ask_for_map_update, call_off_map_update
from garage.actions.profile import end_profile, link_profile
from garage.maps import car_map, update_or_404
from garage.models import Membership
from garage.models.profile import Source
from garage.profiles import profile_of, source_sentence
from garage.rules.maps import State
from garage.rules.membership import Right
from portal.api.serializers import WithoutCardNumbers
from portal.api.views import ApiView
from portal.refusals import Refusal
from subscriptions.access import subscriptions_of
from subscriptions.api import multimedia_examples as examples
from subscriptions.centre.map_page import MapPage, map_page
from subscriptions.centre.packages import offers_for
from subscriptions.models import Subscription
from subscriptions.rules.lifecycle import IN_SERVICE
from subscriptions.words.presenting import present

MAP_STATES = [str(state) for state in State]


class ProfileSerializer(serializers.Serializer):
    linked_at = serializers.DateTimeField()
    source = serializers.CharField(help_text="Who says so, in words.")


class OwnMapUpdateSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="update.public_id")
    version = serializers.CharField(source="update.release.version")
    state = serializers.ChoiceField(source="update.state", choices=MAP_STATES)
    state_words = serializers.CharField(source="state")
    requested_at = serializers.DateTimeField(source="update.requested_at")


class MapsSerializer(serializers.Serializer):
    version = serializers.CharField(source="car.installed.version", default=None, allow_null=True)
    newest = serializers.CharField(source="car.newest.version", default=None, allow_null=True)
    is_due = serializers.BooleanField(source="car.is_due")
    expected = serializers.CharField(help_text="The next release: two a year.")
    is_covered = serializers.BooleanField(help_text="A package that runs brings new maps.")
    may_ask = serializers.SerializerMethodField(help_text="For an update over the air.")
    open = OwnMapUpdateSerializer(allow_null=True)
    past = OwnMapUpdateSerializer(many=True)

    def get_may_ask(self, page: MapPage) -> bool:
        return page.may_ask and bool(self.context["may_control"])


class MultimediaSerializer(serializers.Serializer):
    profile = ProfileSerializer(allow_null=True)
    maps = MapsSerializer()


class VersionSerializer(WithoutCardNumbers):
    version = serializers.CharField(max_length=40, help_text="The newest, as it was shown.")


class MultimediaView(ApiView):
    """My profile on the screen, map version and updates."""

    scopes = {"GET": "services.read"}

    @extend_schema(responses=MultimediaSerializer, examples=examples.MULTIMEDIA)
    def get(self, request: Request, public_id: UUID) -> Response:
        return Response(_shown(self, _with_profile(request, public_id)))


class ProfileView(ApiView):
    """Declares that my profile is on the car's screen, or is no more; the car itself confirms it."""

    scopes = {"POST": "services.write", "DELETE": "services.write"}

    @extend_schema(request=None, responses=MultimediaSerializer, examples=examples.MULTIMEDIA)
    def post(self, request: Request, public_id: UUID) -> Response:
        membership = _with_profile(request, public_id)
        link_profile(membership=membership, source=Source.DECLARED, now=self.now, by=request.user)
        return Response(_shown(self, membership))

    @extend_schema(responses={200: MultimediaSerializer}, examples=examples.MULTIMEDIA)
    def delete(self, request: Request, public_id: UUID) -> Response:
        membership = _with_profile(request, public_id)
        linked = profile_of(membership)
        if linked:
            end_profile(profile=linked, source=Source.DECLARED, now=self.now, by=request.user)
        return Response(_shown(self, membership))


class MapUpdatesView(ApiView):
    """Asks for the newest maps over the air."""

    scopes = {"POST": "services.write"}
    keyed = frozenset({"POST"})

    @extend_schema(request=VersionSerializer, responses={201: MultimediaSerializer}, examples=examples.ASK)
    def post(self, request: Request, public_id: UUID) -> Response:
        membership = _with_profile(request, public_id)
        given = VersionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        newest = car_map(membership.vehicle, today=request.user.market.local_date(self.now)).newest
        if newest is None or newest.version != given.validated_data["version"]:
            raise Refusal("not_newest", _("Another version has come out since this page was made. Please look again."))
        ask_for_map_update(membership=membership, release=newest, now=self.now, by=request.user)
        return Response(_shown(self, membership), status=status.HTTP_201_CREATED)


class MapUpdateView(ApiView):
    """Calls one off that has not been sent."""

    scopes = {"DELETE": "services.write"}

    @extend_schema(responses={200: MultimediaSerializer}, examples=examples.MULTIMEDIA)
    def delete(self, request: Request, public_id: UUID, update: UUID) -> Response:
        membership = _with_profile(request, public_id)
        call_off_map_update(update=update_or_404(membership, update), now=self.now, by=request.user)
        return Response(_shown(self, membership))


# For the screen


class RunningSerializer(serializers.Serializer):
    """No price and no card: whoever sits in the car reads it."""

    vehicle = serializers.SerializerMethodField(help_text="The link of this account with the car.")
    car = serializers.SerializerMethodField(help_text="What the account calls it.")
    package = serializers.CharField(source="package.code")
    package_name = serializers.CharField(source="package.name")
    state = serializers.SerializerMethodField()
    ends_on = serializers.DateField(allow_null=True, help_text="The first day without it, if that is known.")

    @extend_schema_field(serializers.UUIDField())
    def get_vehicle(self, row: Subscription) -> str:
        return str(self._link(row).public_id)

    def get_car(self, row: Subscription) -> str:
        return self._link(row).label

    def get_state(self, row: Subscription) -> str:
        return present(row, is_paused=self.context["is_paused"]).badge

    def _link(self, row: Subscription) -> Membership:
        link: Membership = self.context["links"][row.vehicle_id]
        return link


class RunningServicesSerializer(serializers.Serializer):
    results = RunningSerializer(many=True)
    today = serializers.DateField(help_text="By the market's calendar.")


class RunningServicesView(ApiView):
    """Which of the account's services run, and until when."""

    scopes = {"GET": "services.status"}
    while_paused = frozenset({"GET", "HEAD"})

    @extend_schema(operation_id="running_services", responses=RunningServicesSerializer, examples=examples.RUNNING)
    def get(self, request: Request) -> Response:
        today: date = request.user.market.local_date(self.now)
        links = {link.vehicle_id: link for link in listed_memberships(request.user)}
        rows = subscriptions_of(request.user).filter(status__in=sorted(IN_SERVICE), vehicle__in=list(links))
        context = {"links": links, "is_paused": is_paused(request.user, today=today)}
        return Response(RunningServicesSerializer({"results": rows, "today": today}, context=context).data)


def _with_profile(request: Request, public_id: UUID) -> Membership:
    membership = membership_or_404(request.user, public_id)
    check_right(membership, Right.OWN_PROFILE)
    return membership


def _shown(view: ApiView, membership: Membership) -> Any:
    """Read anew: what was called has changed it."""
    linked, today = profile_of(membership), membership.account.market.local_date(view.now)
    page = map_page(membership, offers_for(membership, today=today), now=view.now)
    profile = {"linked_at": linked.linked_at, "source": source_sentence(linked)} if linked else None
    context = {"may_control": membership.may(Right.CONTROL)}
    return MultimediaSerializer({"profile": profile, "maps": page}, context=context).data
