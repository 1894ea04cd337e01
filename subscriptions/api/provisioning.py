"""Packages for the cars' backend: what is to be switched on and off in which car, and what the car answered (C1)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garage.api.batches import TakenSerializer, answer, in_words, oldest_first, read_each
from garage.api.granted import AFTER, LIMIT
from garage.rules.said import MOST_AT_ONCE, Fault
from portal.api.examples import answers, asks
from portal.api.machine import MachineView
from subscriptions.actions.provision import Taken, take_provisioning_reports
from subscriptions.models import Provisioning
from subscriptions.rules.provisioning import REPORTED, Switch
from subscriptions.rules.provisioning_reports import read

OVER = _("The package has ended since, and is not to be switched on any more.")
ORDER = "0f3b8a52-7d6f-4c0b-9d59-0a3a54f1c001"
TO_DO = [
    answers(
        "One is to be switched on",
        {
            "next": None,
            "results": [
                {
                    "id": ORDER,
                    "vin": "JTJSAMPLECY900001",
                    "package": "remote",
                    "services": ["remote-climate", "remote-lock"],
                    "switch": "on",
                    "asked_at": "2026-06-10T09:00:00+03:00",
                }
            ],
        },
    )
]
ANSWERS = [
    asks(
        "The car has done it",
        {"reports": [{"order": ORDER, "state": "done", "at": "2026-06-10T09:04:00+03:00"}]},
    ),
    asks(
        "The car could not",
        {"reports": [{"order": ORDER, "state": "failed", "reason": "no_reception", "at": "2026-06-10T09:04:00+03:00"}]},
    ),
    answers("It was news", {"kept": 1, "known": 0, "left_out": [], "refused": []}),
]


class ProvisioningSerializer(serializers.Serializer):
    """Which package, in which car. Nothing of who ordered it."""

    id = serializers.UUIDField(source="public_id")
    vin = serializers.CharField(source="subscription.vehicle.vin")
    package = serializers.CharField(source="subscription.package.code")
    services = serializers.SerializerMethodField()
    switch = serializers.ChoiceField(choices=[str(switch) for switch in Switch])
    asked_at = serializers.DateTimeField()

    def get_services(self, row: Provisioning) -> list[str]:
        return sorted(service.code for service in row.subscription.package.services.all())


class ProvisioningsSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    results = ProvisioningSerializer(many=True)


class ProvisioningReportSerializer(serializers.Serializer):
    order = serializers.UUIDField(help_text="The id of what was asked.")
    state = serializers.ChoiceField(choices=sorted(REPORTED))
    at = serializers.DateTimeField(help_text="When it was so, with its zone.")
    reason = serializers.CharField(
        required=False, max_length=40, help_text="Of a failure: a code of yours, in small letters, figures and _."
    )


class ProvisioningReportsSerializer(serializers.Serializer):
    reports = serializers.ListField(child=ProvisioningReportSerializer(), min_length=1, max_length=MOST_AT_ONCE)


class ProvisioningsView(MachineView):
    """What is to be done, oldest first; and up to 500 answers, in any order, however late or often."""

    scopes = {"GET": "vehicles.report", "POST": "vehicles.report"}
    keyed = frozenset({"POST"})
    # 500 answers, and room to spare.
    largest_body = 200_000

    @extend_schema(
        operation_id="provisionings_list", parameters=[AFTER, LIMIT], responses=ProvisioningsSerializer, examples=TO_DO
    )
    def get(self, request: Request) -> Response:
        asked = Provisioning.objects.asked().select_related("subscription__vehicle", "subscription__package")
        asked = asked.prefetch_related("subscription__package__services")
        rows, following = oldest_first(request, asked)
        return Response({"next": following, "results": ProvisioningSerializer(rows, many=True).data})

    @extend_schema(request=ProvisioningReportsSerializer, responses=TakenSerializer, examples=ANSWERS)
    def post(self, request: Request) -> Response:
        reports, refused = read_each(request.data, read, now=self.now)
        return Response(_answer(take_provisioning_reports(reports=reports, now=self.now), refused))


def _answer(taken: Taken, unreadable: dict[int, Fault]) -> dict[str, Any]:
    return answer(
        kept=taken.kept,
        known=taken.known,
        left_out=[(index, ("over", OVER)) for index in taken.over],
        refused=in_words(unreadable | taken.refused),
    )
