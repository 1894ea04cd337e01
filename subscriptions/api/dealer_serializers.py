"""What a dealer's system sends and reads at a customer's car (K1)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.access import has_accepted_current_terms
from garage.models import AccessCheck, DealerAccess
from garage.rules.dealer_desk import Paper
from portal.api.serializers import WithoutCardNumbers
from subscriptions.centre.packages import offers_for
from subscriptions.models import Subscription

ACCESS = ("blocked", "not_proved", "proved", "in_control")
STANDING = ("running", "ends", "free", "not_activated")
STEPS = ("identity", "unblocking", "activation")


class ConfirmedField(serializers.BooleanField):
    """True, or the call is refused."""

    default_error_messages = {"confirmed": _("Without this, identity is not checked.")}

    def to_internal_value(self, data: Any) -> bool:
        if not super().to_internal_value(data):
            self.fail("confirmed")
        return True


class OpeningSerializer(WithoutCardNumbers):
    code = serializers.CharField(max_length=20, help_text="As the customer shows it; capitals and dashes do not count.")
    staff = serializers.EmailField(help_text="Who works on the car: the address of a member of this dealer's staff.")


class IdentitySerializer(WithoutCardNumbers):
    paper = serializers.ChoiceField(choices=[str(paper) for paper in Paper])
    is_same_person = ConfirmedField(help_text="The picture shows the person, and the name is that of the account.")
    has_car_papers = ConfirmedField(help_text="The registration document of the car is there.")
    has_key = ConfirmedField(help_text="The car is there, with its key.")
    note = serializers.CharField(max_length=300, help_text="Without the number of the paper.")

    def validate_note(self, note: str) -> str:
        """A paper's number is written in five or more digits."""
        if any(sum(mark.isdigit() for mark in word) >= 5 for word in note.split()):
            raise serializers.ValidationError(_("Leave the number of the paper out."), code="number")
        return note


class DealerActivationSerializer(WithoutCardNumbers):
    package = serializers.CharField(max_length=50)


class PackageStandingSerializer(serializers.Serializer):
    """No price, no card, no payment."""

    package = serializers.CharField()
    name = serializers.CharField()
    standing = serializers.ChoiceField(choices=STANDING)
    until = serializers.DateField(allow_null=True, help_text="The first day without it, where it is set.")


class VerificationSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    until = serializers.DateTimeField()
    staff = serializers.EmailField(source="staff.email")
    vin = serializers.CharField(source="membership.vehicle.vin")
    model = serializers.CharField(source="membership.vehicle.model")
    plate = serializers.CharField(source="membership.vehicle.plate")
    customer = serializers.SerializerMethodField(help_text="The name, to be compared with a paper.")
    has_accepted_terms = serializers.SerializerMethodField(help_text="Only the customer can, on the site.")
    access = serializers.SerializerMethodField()
    paper = serializers.ChoiceField(choices=["", *(str(paper) for paper in Paper)], help_text="Empty: none seen yet.")
    services = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField(help_text="What can be done now.")

    def get_customer(self, row: DealerAccess) -> str:
        return row.membership.account.name or row.membership.account.email

    def get_has_accepted_terms(self, row: DealerAccess) -> bool:
        return has_accepted_current_terms(row.membership.account, self.context["now"])

    @extend_schema_field(serializers.ChoiceField(choices=ACCESS))
    def get_access(self, row: DealerAccess) -> str:
        if _is_blocked(row):
            return "blocked"
        if row.membership.is_active:
            return "in_control"
        return "proved" if row.membership.is_verified else "not_proved"

    @extend_schema_field(PackageStandingSerializer(many=True))
    def get_services(self, row: DealerAccess) -> Any:
        return PackageStandingSerializer([*_running(row), *self._free(row)], many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=STEPS)))
    def get_may(self, row: DealerAccess) -> list[str]:
        """Identity first, then what it lets the dealer do."""
        if not row.paper:
            return ["identity"]
        offered = [("unblocking", _is_blocked(row)), ("activation", bool(self._free(row)))]
        return [step for step, applies in offered if applies]

    def _free(self, row: DealerAccess) -> list[dict[str, Any]]:
        link = row.membership
        today = link.account.market.local_date(self.context["now"])
        offers = offers_for(link, today=today) if link.is_active else []
        return [_standing(one.package, "not_activated", None) for one in offers if one.is_included]


def _is_blocked(row: DealerAccess) -> bool:
    link = row.membership
    blocked = AccessCheck.objects.filter(account=link.account_id, vehicle=link.vehicle_id, blocked_at__isnull=False)
    return blocked.exists()


def _running(row: DealerAccess) -> list[dict[str, Any]]:
    link = row.membership
    running = Subscription.objects.live().filter(account=link.account_id, vehicle=link.vehicle_id)
    return [
        _standing(each.package, _how(each), each.ends_on) for each in running.select_related("package").order_by("pk")
    ]


def _how(row: Subscription) -> str:
    if row.is_complimentary:
        return "free"
    return "ends" if row.ends_on else "running"


def _standing(package: Any, standing: str, until: Any) -> dict[str, Any]:
    return {"package": package.code, "name": package.name, "standing": standing, "until": until}
