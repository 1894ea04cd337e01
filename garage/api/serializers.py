"""What the app is told of cars, and what it may say. A car tells what its link's standing allows (G11)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from garage.models import DriverAccess
from garage.models.vehicle import Body, Powertrain
from garage.portrait import Portrait
from garage.rules import odometer as odometer_rules
from garage.rules.drivers import TO_ACCEPT, may_still_accept
from garage.rules.membership import RIGHTS, Standing
from garage.rules.orders import Stage
from garage.rules.warranty import StartSource
from portal.api.serializers import WithoutCardNumbers
from portal.reach import Reacher

DRIVER_STATES = ["invited", "expired", "driving"]
STANDINGS = [str(each) for each in Standing]


class WarrantySerializer(serializers.Serializer):
    """From when the free years count (C4)."""

    starts_on = serializers.DateField(source="on")
    source = serializers.ChoiceField(choices=[str(source) for source in StartSource])


class SpecificationSerializer(serializers.Serializer):
    vin = serializers.CharField()
    plate = serializers.CharField(help_text="Empty: not registered.")
    colour = serializers.CharField()
    colour_hex = serializers.CharField()
    powertrain = serializers.ChoiceField(choices=Powertrain.values)


class VehicleSerializer(serializers.Serializer):
    """A car of the garage. Before access is proved it tells what the connectivity match tells, and nothing more."""

    id = serializers.UUIDField(source="membership.public_id", help_text="Of the link of this account with the car.")
    label = serializers.CharField(source="membership.label", help_text="The nickname, else the model.")
    nickname = serializers.CharField(source="membership.nickname")
    added_as = serializers.CharField(source="membership.identified_as", help_text="VIN or plate, as it was typed.")
    added_at = serializers.DateTimeField(source="membership.linked_at")
    is_selected = serializers.BooleanField(
        source="membership.is_selected", help_text="The car of all service pages, on every device: the default car."
    )
    standing = serializers.ChoiceField(source="membership.standing", choices=STANDINGS)
    standing_words = serializers.CharField(source="badge")
    explanation = serializers.CharField(source="sentence", help_text="How the account stands to it, for the person.")
    rights = serializers.SerializerMethodField()
    may_prove_access = serializers.SerializerMethodField()
    may_ask_for_control = serializers.BooleanField(source="may_ask")
    is_blocked = serializers.BooleanField(
        source="membership.is_blocked", help_text="After three wrong readings: only dealer or customer centre unblock."
    )
    driver_until = serializers.DateTimeField(source="membership.driver_until", allow_null=True)
    model = serializers.CharField(source="membership.vehicle.model")
    multimedia = serializers.CharField(source="membership.vehicle.multimedia")
    body = serializers.ChoiceField(choices=Body.values)
    capabilities = serializers.ListField(child=serializers.CharField(), source="membership.vehicle.capabilities")
    specification = SpecificationSerializer(allow_null=True, help_text="Null until access is proved.")
    warranty = WarrantySerializer(allow_null=True)

    def get_rights(self, car: Portrait) -> list[str]:
        return sorted(RIGHTS[car.membership.standing])

    def get_may_prove_access(self, car: Portrait) -> bool:
        return car.needs_proof or car.may_prove


class VehicleDetailSerializer(VehicleSerializer):
    tries_left = serializers.SerializerMethodField(help_text="Wrong odometer readings that may still be given, ever.")

    def get_tries_left(self, car: Portrait) -> int:
        return self.context["tries_left"]


class VehiclesSerializer(serializers.Serializer):
    results = VehicleSerializer(many=True)
    has_room = serializers.BooleanField(help_text="Whether one more may be added; a garage holds ten.")


class AddVehicleSerializer(WithoutCardNumbers):
    """Exactly one of the three."""

    vin = serializers.CharField(required=False, max_length=60)
    plate = serializers.CharField(required=False, max_length=30)
    code = serializers.CharField(required=False, max_length=40, help_text="The pairing code of the car's screen.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        return _exactly_one(given, ("vin", "plate", "code"))


class AccessSerializer(WithoutCardNumbers):
    """Exactly one of the two."""

    odometer_km = serializers.IntegerField(required=False, min_value=0, max_value=odometer_rules.HIGHEST_KM)
    code = serializers.CharField(required=False, max_length=40, help_text="The pairing code of the car's screen.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        return _exactly_one(given, ("odometer_km", "code"))


class RenameSerializer(WithoutCardNumbers):
    nickname = serializers.CharField(max_length=40, allow_blank=True, help_text="Empty: the model is shown.")


def _exactly_one(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    if len(given) != 1:
        said = _("Exactly one of these is needed: %(names)s.") % {"names": ", ".join(names)}
        raise serializers.ValidationError(said, code="exactly_one")
    return given


# Drivers


class DriverSerializer(serializers.Serializer):
    """Whom the account has invited to its car."""

    id = serializers.UUIDField(source="public_id")
    email = serializers.EmailField()
    last_on = serializers.DateField(allow_null=True, help_text="The last day, by the market's calendar; null: no end.")
    invited_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    state = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=DRIVER_STATES))
    def get_state(self, access: DriverAccess) -> str:
        if access.accepted_at:
            return "driving"
        is_open = may_still_accept(invited_at=access.invited_at, now=self.context["now"])
        return "invited" if is_open else "expired"


class DriversSerializer(serializers.Serializer):
    results = DriverSerializer(many=True)


class InviteSerializer(WithoutCardNumbers):
    email = serializers.EmailField(max_length=254)
    last_on = serializers.DateField(required=False, allow_null=True, default=None)


class LastDaySerializer(WithoutCardNumbers):
    last_on = serializers.DateField(allow_null=True, help_text="Null: no end.")


class InvitationSerializer(serializers.Serializer):
    """To this account, to drive somebody's car: of the car as much as anybody may know."""

    id = serializers.UUIDField(source="public_id")
    model = serializers.CharField(source="vehicle.model")
    last_on = serializers.DateField(allow_null=True)
    expires_at = serializers.SerializerMethodField()

    def get_expires_at(self, access: DriverAccess) -> datetime:
        return access.invited_at + TO_ACCEPT


class InvitationsSerializer(serializers.Serializer):
    results = InvitationSerializer(many=True)


# Who reaches the car


class LinkSerializer(serializers.Serializer):
    """Another account with the car in its garage; nobody learns whose."""

    id = serializers.UUIDField(source="public_id")
    linked_at = serializers.DateTimeField()
    is_verified = serializers.BooleanField()
    is_driver = serializers.BooleanField(help_text="Invited by somebody else.")


class ReacherSerializer(serializers.Serializer):
    id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    detail = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)
    may_be_ended = serializers.SerializerMethodField(help_text="By DELETE with its id.")
    end_label = serializers.CharField(help_text="What is said by that, where it is not the portal that ends it.")

    def get_may_be_ended(self, reacher: Reacher) -> bool:
        return reacher.id is not None and reacher.end is not None


class ReachSectionSerializer(serializers.Serializer):
    title = serializers.CharField()
    nobody = serializers.CharField(help_text="Said where nothing reaches the car in this way.")
    reachers = ReacherSerializer(many=True)


class ReachSerializer(serializers.Serializer):
    links = LinkSerializer(many=True)
    drivers = DriverSerializer(many=True)
    sections = ReachSectionSerializer(many=True, help_text="Apps, head units, third parties.")


# Ordered cars


class OrderStageSerializer(serializers.Serializer):
    stage = serializers.ChoiceField(choices=[str(stage) for stage in Stage])
    name = serializers.CharField(source="get_stage_display")
    on = serializers.DateField()


class OrderedVehicleSerializer(serializers.Serializer):
    """A car on order (G4); on delivery it becomes a car of the garage."""

    id = serializers.UUIDField(source="order.public_id")
    order_number = serializers.CharField(source="order.order_number")
    model = serializers.CharField(source="order.model")
    body = serializers.ChoiceField(choices=Body.values)
    colour_hex = serializers.CharField(source="colour")
    stage = serializers.ChoiceField(source="order.stage", choices=[str(stage) for stage in Stage])
    stage_name = serializers.CharField(source="badge")
    explanation = serializers.CharField(source="sentence")
    expected_on = serializers.DateField(allow_null=True)
    stages = OrderStageSerializer(many=True, source="reached", help_text="The newest first.")


class OrderedVehiclesSerializer(serializers.Serializer):
    results = OrderedVehicleSerializer(many=True)
