"""A car's service for the app: what is due, what was done, recalls, warranty and coming bookings (G8)."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garage.access import check_right, membership_or_404
from garage.api import driving_examples as examples
from garage.maintenance import open_recalls
from garage.models import Booking
from garage.rules.membership import Right
from garage.service_page import service_page
from garage.workshops import coming_bookings
from portal.api.views import ApiView
from portal.texts import localized


class DueSerializer(serializers.Serializer):
    name = serializers.CharField()
    urgency = serializers.CharField(source="badge", help_text="In words.")
    tone = serializers.ChoiceField(choices=["neutral", "warn", "bad"])
    when = serializers.CharField(help_text="By date and by distance, whichever comes first.")
    since = serializers.CharField()


class DoneSerializer(serializers.Serializer):
    done_on = serializers.DateField(source="record.done_on")
    km = serializers.CharField(help_text="Exact for who controls the car; for others about (V1).")
    works = serializers.ListField(child=serializers.CharField())
    by = serializers.CharField()
    is_mine = serializers.BooleanField()


class FactSerializer(serializers.Serializer):
    label = serializers.CharField()
    value = serializers.CharField()


class RecallSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    text = serializers.CharField()
    opened_on = serializers.DateField()


class ComingBookingSerializer(serializers.Serializer):
    id = serializers.SerializerMethodField(help_text="Of one that is mine; else null.")
    starts_at = serializers.DateTimeField(source="period.lower")
    ends_at = serializers.DateTimeField(source="period.upper")
    dealer = serializers.CharField(source="workshop.dealer.name")
    telephone = serializers.CharField(source="workshop.dealer.telephone")
    works = serializers.SerializerMethodField()
    is_mine = serializers.SerializerMethodField(help_text="Only who booked can change it.")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_works(self, booking: Booking) -> list[str]:
        return [localized(work["names"]) for work in booking.works]

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_id(self, booking: Booking) -> str | None:
        return str(booking.public_id) if self.get_is_mine(booking) else None

    def get_is_mine(self, booking: Booking) -> bool:
        return booking.account_id == self.context["account"].pk


class ServiceSerializer(serializers.Serializer):
    has_plan = serializers.BooleanField(help_text="Whether a maintenance plan of the car is known.")
    dues = DueSerializer(many=True)
    history = DoneSerializer(many=True, help_text="The newest first.")
    warranty = FactSerializer(many=True)
    recalls = RecallSerializer(many=True, help_text="Open ones.")
    bookings = ComingBookingSerializer(many=True, help_text="Coming ones, the next first.")


class ServiceView(ApiView):
    """For every account that has proved access, or was invited."""

    scopes = {"GET": "service.read"}

    @extend_schema(responses=ServiceSerializer, examples=examples.SERVICE)
    def get(self, request: Request, public_id: UUID) -> Response:
        membership = membership_or_404(request.user, public_id)
        check_right(membership, Right.SERVICE_HISTORY)
        with timezone.override(request.user.market.zone):
            page = service_page(membership, now=self.now)
        names = ("has_plan", "dues", "history", "warranty")
        shown: dict[str, Any] = {name: getattr(page, name) for name in names} | {
            "recalls": open_recalls(membership.vehicle),
            "bookings": coming_bookings(membership.vehicle, now=self.now),
        }
        return Response(ServiceSerializer(shown, context={"account": request.user}).data)
