"""Examples of the garage in the OpenAPI description; tests/api/test_description.py holds them to its schemas."""

from typing import Any

from garage.rules.membership import Right
from portal.api.examples import answers, asks

_CAR = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
_DRIVER = "b1a7a3c0-52f5-4d0e-9f0c-1b0f6d3c9d11"

_ACTIVE: dict[str, Any] = {
    "id": _CAR,
    "label": "Eleni's NX",
    "nickname": "Eleni's NX",
    "added_as": "JTJSAMPLECY900001",
    "added_at": "2026-06-10T09:00:00Z",
    "is_selected": True,
    "standing": "active",
    "standing_words": "Active",
    "explanation": "You have control of this car’s connected services.",
    "rights": sorted(map(str, Right)),
    "may_prove_access": False,
    "may_ask_for_control": False,
    "is_blocked": False,
    "driver_until": None,
    "model": "NX 350h",
    "multimedia": "MM21",
    "body": "suv",
    "capabilities": ["navigation", "remote"],
    "specification": {
        "vin": "JTJSAMPLECY900001",
        "plate": "MZK417",
        "colour": "Red Mica",
        "colour_hex": "#8a1c2b",
        "powertrain": "hybrid",
    },
    "warranty": {"starts_on": "2024-03-15", "source": "warranty"},
}
_UNPROVED = _ACTIVE | {
    "label": "NX 350h",
    "nickname": "",
    "is_selected": False,
    "standing": "not_verified",
    "standing_words": "Not verified",
    "explanation": "Prove that you have access to this car.",
    "rights": ["capabilities"],
    "may_prove_access": True,
    "specification": None,
    "warranty": None,
}
_DRIVES = {
    "id": _DRIVER,
    "email": "andreas@example.com",
    "last_on": "2026-12-31",
    "invited_at": "2026-06-10T09:00:00Z",
    "accepted_at": "2026-06-10T18:30:00Z",
    "state": "driving",
}
_LINK = {
    "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "linked_at": "2025-01-20T08:00:00Z",
    "is_verified": True,
    "is_driver": False,
}
_APP = {
    "id": "3f333df6-90a4-4fda-8dd3-9485d27cee36",
    "name": "Lexus Link+ app",
    "detail": "",
    "since": "2026-05-01T07:15:00Z",
    "may_be_ended": True,
    "end_label": "",
}
_ORDER = {
    "id": "16fd2706-8baf-433b-82eb-8c7fada847da",
    "order_number": "LX-2026-00017",
    "model": "RX 450h+",
    "body": "suv",
    "colour_hex": "#3b4a5c",
    "stage": "shipped",
    "stage_name": "On its way",
    "explanation": "It comes into your garage by itself when your dealer hands it over.",
    "expected_on": "2026-09-01",
    "stages": [
        {"stage": "shipped", "name": "On its way", "on": "2026-06-02"},
        {"stage": "ordered", "name": "Ordered", "on": "2026-02-11"},
    ],
}


VEHICLES = [answers("My cars", {"results": [_ACTIVE], "has_room": True})]
VEHICLE = [answers("A car that I control", _ACTIVE | {"tries_left": 3})]
NOT_VERIFIED = [answers("A car before access is proved", _UNPROVED | {"tries_left": 2})]
ADD = [
    asks("By VIN", {"vin": "JTJ-SAMPLE-CY-900001"}),
    asks("By plate", {"plate": "MZK 417"}),
    asks("By the car's code", {"code": "4F7K-9XRT"}),
]
RENAME = [asks("A nickname", {"nickname": "Eleni's NX"}), *VEHICLE]
ACCESS = [
    asks("By the odometer", {"odometer_km": 24500}),
    asks("By the car's code", {"code": "4F7K-9XRT"}),
    *VEHICLE,
]
DRIVERS = [answers("My drivers", {"results": [_DRIVES]})]
INVITE = [
    asks("Until the end of the year", {"email": "andreas@example.com", "last_on": "2026-12-31"}),
    answers("Invited", _DRIVES | {"accepted_at": None, "state": "invited"}),
]
LAST_DAY = [
    asks("A last day", {"last_on": "2026-12-31"}),
    asks("No end", {"last_on": None}),
    answers("A driver", _DRIVES),
]
INVITATIONS = [
    answers(
        "Invitations to me",
        {
            "results": [
                {"id": _DRIVER, "model": "NX 350h", "last_on": None, "expires_at": "2026-06-17T09:00:00Z"},
            ]
        },
    )
]
REACH = [
    answers(
        "Another account, a driver, my app",
        {
            "links": [_LINK],
            "drivers": [_DRIVES],
            "sections": [
                {
                    "title": "Apps and cars that are signed in",
                    "nobody": "No app and no car is signed in to your account.",
                    "reachers": [_APP],
                }
            ],
        },
    )
]
ORDERED = [answers("A car on its way", {"results": [_ORDER]})]
