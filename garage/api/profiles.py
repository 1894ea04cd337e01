"""Profiles on the screens of cars, as the cars' backend tells of them (C6, L1)."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.profile_reports import Taken, take_profile_reports
from garage.api.batches import TakenSerializer, answer, in_words, read_each
from garage.rules.profile_reports import read
from garage.rules.said import MOST_AT_ONCE, Fault
from portal.api.examples import answers, asks
from portal.api.machine import MachineView

EXAMPLES = [
    asks(
        "A profile that is linked",
        {
            "reports": [
                {
                    "vin": "JTJSAMPLECY900001",
                    "account": "0f8b6f0e-5a52-4f0b-9d59-0a3a54f1c002",
                    "is_linked": True,
                    "at": "2026-06-10T09:00:00+03:00",
                }
            ]
        },
    ),
    answers("It was news", {"kept": 1, "known": 0, "left_out": [], "refused": []}),
]


class ProfileReportSerializer(serializers.Serializer):
    vin = serializers.CharField()
    account = serializers.UUIDField(help_text="The account whose profile it is: `sub` of its sign-in in the car.")
    is_linked = serializers.BooleanField(help_text="False: it is on the screen no more.")
    at = serializers.DateTimeField(help_text="When it was so, with its zone.")


class ProfileReportsSerializer(serializers.Serializer):
    reports = serializers.ListField(child=ProfileReportSerializer(), min_length=1, max_length=MOST_AT_ONCE)


class ProfileReportsView(MachineView):
    """Confirms what owners declare, and says what they have not: up to 500 reports, however late."""

    scopes = {"POST": "vehicles.report"}
    keyed = frozenset({"POST"})
    # 500 reports, and room to spare.
    largest_body = 200_000

    @extend_schema(request=ProfileReportsSerializer, responses=TakenSerializer, examples=EXAMPLES)
    def post(self, request: Request) -> Response:
        reports, refused = read_each(request.data, read, now=self.now)
        return Response(_answer(take_profile_reports(reports=reports, now=self.now), refused))


def _answer(taken: Taken, unreadable: dict[int, Fault]) -> dict[str, object]:
    return answer(
        kept=taken.kept,
        known=taken.known,
        left_out=[(index, (refusal.code, refusal)) for index, refusal in taken.left_out.items()],
        refused=in_words(unreadable | taken.refused),
    )
