"""Examples of a dealer's calls at a car; tests/api/test_description.py holds them to the schemas."""

from typing import Any

from portal.api.examples import answers, asks

_OPENED: dict[str, Any] = {
    "id": "2e0a7c64-58c1-4f0a-9b7e-3d1c5a6b7f80",
    "until": "2026-06-10T09:10:00Z",
    "staff": "anna@dealer.example.com",
    "vin": "JTJSAMPLECY900001",
    "model": "NX 350h",
    "plate": "KAA001",
    "customer": "Eleni Georgiou",
    "has_accepted_terms": True,
    "access": "in_control",
    "paper": "",
    "services": [{"package": "remote", "name": "Remote Services", "standing": "not_activated", "until": None}],
    "may": ["identity"],
}
_SEEN = _OPENED | {"paper": "passport", "may": ["activation"]}

OPENING = [
    asks("The customer shows a code", {"code": "ABCD-EFGH", "staff": "anna@dealer.example.com"}),
    answers("Open for ten minutes", _OPENED),
]
VERIFICATION = [answers("Identity was seen", _SEEN)]
IDENTITY = [
    asks(
        "A passport",
        {
            "paper": "passport",
            "is_same_person": True,
            "has_car_papers": True,
            "has_key": True,
            "note": "Came with the car.",
        },
    ),
    answers("Noted", _SEEN),
]
DEALER_ACTIVATION = [
    asks("The free years of Remote", {"package": "remote"}),
    answers(
        "Taken up",
        _SEEN
        | {
            "services": [{"package": "remote", "name": "Remote Services", "standing": "free", "until": "2028-03-15"}],
            "may": [],
        },
    ),
]
