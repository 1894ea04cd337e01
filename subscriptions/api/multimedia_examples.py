"""Examples in the OpenAPI description; tests/api/test_description.py holds them to its schemas."""

from typing import Any

from portal.api.examples import answers, asks

_MULTIMEDIA: dict[str, Any] = {
    "profile": {"linked_at": "2026-05-01T07:15:00Z", "source": "Confirmed by the car."},
    "maps": {
        "version": "2025.2",
        "newest": "2026.1",
        "is_due": True,
        "expected": "autumn 2026",
        "is_covered": True,
        "may_ask": False,
        "open": {
            "id": "16fd2706-8baf-433b-82eb-8c7fada847da",
            "version": "2026.1",
            "state": "requested",
            "state_words": "Requested",
            "requested_at": "2026-06-10T09:00:00Z",
        },
        "past": [],
    },
}
_RUNNING = {
    "vehicle": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "car": "Eleni's NX",
    "package": "navigation",
    "package_name": "Navigation",
    "state": "Complimentary",
    "ends_on": "2028-03-15",
}

MULTIMEDIA = [answers("An update is asked for", _MULTIMEDIA)]
ASK = [asks("The newest", {"version": "2026.1"}), *MULTIMEDIA]
RUNNING = [answers("One runs", {"results": [_RUNNING], "today": "2026-06-10"})]
