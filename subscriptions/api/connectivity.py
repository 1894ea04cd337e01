"""The connectivity match for app, dealer and website: what the car of a VIN is capable of (G7)."""

from http import HTTPStatus

from allauth.account.adapter import get_adapter
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garage.words.refusals import capability_names
from portal.api.public import MARKET, PublicView, market_of
from portal.hourly_limit import seconds_left
from portal.refusals import Refusal
from subscriptions.centre.match import match_car
from subscriptions.centre.match_limit import Caller
from subscriptions.rules.eligibility import Missing
from subscriptions.words.reasons import MISSING


class NamedSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Never changes.")
    name = serializers.CharField(help_text="In the caller's language.")


class CapabilitySerializer(NamedSerializer):
    def to_representation(self, code: str) -> dict[str, str]:
        return {"code": code, "name": capability_names([code])[0]}


class MissingSerializer(serializers.Serializer):
    code = serializers.ChoiceField(choices=[missing.value for missing in Missing])
    detail = serializers.CharField(help_text="For the person.")

    def to_representation(self, missing: Missing) -> dict[str, str]:
        return {"code": missing.value, "detail": str(MISSING[missing])}


class ServiceMatchSerializer(serializers.Serializer):
    code = serializers.CharField(source="service.code")
    name = serializers.CharField(source="service.name")
    missing = MissingSerializer(many=True, help_text="Why it does not work on this car; empty if it does.")


class PackageMatchSerializer(serializers.Serializer):
    code = serializers.CharField(source="package.code")
    name = serializers.CharField(source="package.name")
    suite = serializers.CharField(source="package.suite", help_text="app or multimedia")
    is_available = serializers.BooleanField(help_text="Whether the car can have it.")
    missing = MissingSerializer(many=True, help_text="All that stands against it; empty if it is available.")
    needs_package = serializers.CharField(
        source="package.base.code", default=None, allow_null=True, help_text="The package that an add-on belongs to."
    )
    services = ServiceMatchSerializer(many=True)


class ConnectivitySerializer(serializers.Serializer):
    """Neither owner, plate, colour, dates nor history."""

    vin = serializers.CharField(help_text="As it was mended.")
    model = serializers.CharField()
    generation = serializers.CharField(help_text="Of the multimedia system, MM21 for instance.")
    capabilities = CapabilitySerializer(many=True)
    packages = PackageMatchSerializer(many=True)


class VinRefused(exceptions.APIException):
    """What is wrong with the VIN, as on the page: malformed it is a 400, unknown or another maker's a 404."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence, refusal.code)
        is_malformed = refusal.code == "vin_malformed"
        self.status_code = HTTPStatus.BAD_REQUEST if is_malformed else HTTPStatus.NOT_FOUND


class ConnectivityView(PublicView):
    """What a car is capable of, by its VIN."""

    @extend_schema(
        auth=[],
        parameters=[MARKET],
        responses=ConnectivitySerializer,
    )
    def get(self, request: Request, vin: str) -> Response:
        caller = Caller(address=get_adapter(request._request).get_client_ip(request._request))
        market = market_of(request.query_params.get("market", ""))
        try:
            found = match_car(vin, market=market, caller=caller, now=self.now)
        except Refusal as refusal:
            raise self._refused(refusal) from refusal
        return Response(ConnectivitySerializer(found).data)

    def _refused(self, refusal: Refusal) -> exceptions.APIException:
        if refusal.code == "too_many_matches":
            return exceptions.Throttled(wait=seconds_left(self.now))
        return VinRefused(refusal)
