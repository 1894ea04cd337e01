"""Examples in the OpenAPI description; tests/api/test_description.py holds them to its schemas."""

from typing import Any

from portal.api.examples import answers

_WORDS = "These figures are indicative: they tell magnitudes, not exact values."
_SUMS: dict[str, Any] = {
    "trips": 42,
    "partial_trips": 1,
    "distance_m": 612_400,
    "duration_s": 41_580,
    "score": "81.25",
    "acceleration": "79.40",
    "braking": "83.00",
    "constant_speed": "81.90",
}
_MONTH = _SUMS | {"month": "2026-06", "name": "June 2026"}
_TRIP: dict[str, Any] = {
    "id": "c0a8012e-5d3b-4a6f-9f2e-7b1d3c5e9a11",
    "started_at": "2026-06-10T05:40:00Z",
    "ended_at": "2026-06-10T05:52:00Z",
    "on": "2026-06-10",
    "distance_m": 8300,
    "duration_s": 720,
    "score": "80.00",
    "acceleration": "80.00",
    "braking": "70.00",
    "constant_speed": "90.00",
    "is_partial": False,
    "score_is_from": "The mean of its three scores.",
}
_LIGHT = {
    "name": "Tyre pressure",
    "meaning": "One of the tyres has too little air.",
    "advice": "Drive on with care, and have it looked at soon.",
    "tone": "warn",
}

DRIVING = [
    answers(
        "A hybrid's months",
        {"service": "Hybrid Coaching", "indicative": _WORDS, "kept_months": 24, "months": [_MONTH]},
    )
]
MONTH = [
    answers(
        "June so far",
        _MONTH | {"first": "2026-06-01", "last": "2026-06-10", "days": [_SUMS | {"on": "2026-06-10", "trips": 3}]},
    )
]
TRIPS = [answers("The newest", {"next": None, "results": [_TRIP], "indicative": _WORDS})]
TRIP = [answers("Twelve minutes", _TRIP)]
STATE = [
    answers(
        "Reported this morning",
        {
            "state": {
                "at": "2026-06-10T05:52:00Z",
                "last_contact_at": "2026-06-10T08:00:00Z",
                "is_old": False,
                "figures": [
                    {"label": "Odometer", "value": "24,508", "unit": "km", "text": "", "at": "2026-06-10T05:52:00Z"}
                ],
                "lines": [{"label": "Doors", "value": "Closed", "at": "2026-06-10T05:52:00Z", "is_open": False}],
                "warning_lights": [_LIGHT],
            },
            "values": {"odometer_km": 24_508, "doors_open": [], "warning_lights": ["tyre_pressure"]},
            "alerts": [
                {
                    "at": "2026-06-10T05:52:00Z",
                    "title": "A warning light is on",
                    "text": "Please look what it means.",
                    "tone": "warn",
                    "warning_lights": [_LIGHT],
                }
            ],
        },
    ),
    answers("Nothing was reported", {"state": None, "values": {}, "alerts": []}),
]
SERVICE = [
    answers(
        "A service is due soon",
        {
            "has_plan": True,
            "dues": [
                {
                    "name": "Service",
                    "urgency": "Due soon",
                    "tone": "warn",
                    "when": "1 July 2026 or at 35,000 km, whichever comes first",
                    "since": "Last done on 1 July 2025.",
                }
            ],
            "history": [
                {
                    "done_on": "2025-07-01",
                    "km": "20,000 km",
                    "works": ["Service"],
                    "by": "Sample Motors Nicosia",
                    "is_mine": False,
                }
            ],
            "warranty": [{"label": "Warranty until", "value": "14 March 2027"}],
            "recalls": [],
            "bookings": [
                {
                    "id": "5b0c2a6e-3a7d-4a59-8c6d-0d8e1f2a3b4c",
                    "starts_at": "2026-06-11T05:00:00Z",
                    "ends_at": "2026-06-11T06:30:00Z",
                    "dealer": "Sample Motors Nicosia",
                    "telephone": "+357 22 000111",
                    "works": ["Yearly service"],
                    "is_mine": True,
                }
            ],
        },
    )
]
