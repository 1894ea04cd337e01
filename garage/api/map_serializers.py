"""Maps as the description of the API has them. What is sent is read by `garage/rules/map_reports.py`."""

from typing import Any

from rest_framework import serializers

from garage.models import MapUpdate
from garage.rules.map_reports import KINDS
from garage.rules.maps import LONGEST_VERSION, REPORTED
from garage.rules.said import MOST_AT_ONCE
from portal.api.examples import answers, asks

EXAMPLES = [
    asks(
        "A car's version, and an update that is installed",
        {
            "reports": [
                {
                    "kind": "version",
                    "vin": "JTJSAMPLECY900001",
                    "version": "2025.2",
                    "at": "2026-06-10T09:00:00+03:00",
                },
                {
                    "kind": "update",
                    "update": "7d6f1f3e-8a52-4c0b-9d59-0a3a54f1c001",
                    "state": "installed",
                    "at": "2026-06-10T09:20:00+03:00",
                },
            ]
        },
    ),
    answers("Both were news", {"kept": 2, "known": 0, "left_out": [], "refused": []}),
]
TO_SEND = [
    answers(
        "One is to be sent",
        {
            "next": None,
            "results": [
                {
                    "id": "7d6f1f3e-8a52-4c0b-9d59-0a3a54f1c001",
                    "vin": "JTJSAMPLECY900001",
                    "generation": "MM21",
                    "version": "2026.1",
                    "size_bytes": 9_400_000_000,
                    "sha256": "ab" * 32,
                    "download_url": "https://maps.example.com/cy/mm21/2026.1.zip",
                    "requested_at": "2026-06-10T09:00:00+03:00",
                }
            ],
        },
    )
]


class MapReportSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=KINDS)
    at = serializers.DateTimeField(help_text="When it was so, with its zone.")
    vin = serializers.CharField(required=False, help_text="Of a version.")
    version = serializers.CharField(
        max_length=LONGEST_VERSION, required=False, help_text="Of a version: numbers and dots, 2026.1 for instance."
    )
    update = serializers.UUIDField(required=False, help_text="Of an update: its id.")
    state = serializers.ChoiceField(choices=sorted(REPORTED), required=False, help_text="Of an update.")


class MapReportsSerializer(serializers.Serializer):
    reports = serializers.ListField(child=MapReportSerializer(), min_length=1, max_length=MOST_AT_ONCE)


class MapUpdateSerializer(serializers.Serializer):
    """For the backend: which car is to get which version. Nothing of who asked."""

    id = serializers.UUIDField(source="public_id")
    vin = serializers.CharField(source="vehicle.vin")
    generation = serializers.CharField(source="release.generation")
    version = serializers.CharField(source="release.version")
    size_bytes = serializers.IntegerField(source="release.size_bytes")
    sha256 = serializers.CharField(source="release.sha256")
    download_url = serializers.URLField(source="release.download_url")
    requested_at = serializers.DateTimeField()


class MapUpdatesSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    results = MapUpdateSerializer(many=True)


def page_of(updates: list[MapUpdate], following: str | None) -> dict[str, Any]:
    return {"next": following, "results": MapUpdateSerializer(updates, many=True).data}
