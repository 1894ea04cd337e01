"""Examples of a dealer's calls in the OpenAPI description; tests/api/test_description.py holds them to its schemas."""

from typing import Any

from portal.api.examples import answers, asks

_WORKSHOP: dict[str, Any] = {
    "dealer": "sample-nicosia",
    "name": "Lexus Nicosia",
    "takes_bookings": True,
    "time_zone": "Asia/Nicosia",
    "openings": [{"weekday": 0, "opens": "08:00", "closes": "12:00"}],
    "closed_days": ["2026-12-24"],
    "bays": ["Bay 1", "Bay 2"],
    "works": [{"code": "service", "name": "Yearly service", "minutes": 90}],
}
_BOOKING: dict[str, Any] = {
    "id": "5b0c2a6e-3a7d-4a59-8c6d-0d8e1f2a3b4c",
    "state": "booked",
    "revision": 0,
    "starts_at": "2026-06-11T05:00:00Z",
    "ends_at": "2026-06-11T06:30:00Z",
    "bay": "Bay 1",
    "works": [{"code": "service", "name": "Yearly service", "minutes": 90}],
    "words": "It rattles.",
    "vin": "JTJSAMPLECY900001",
    "model": "NX 350h",
    "plate": "KAA001",
    "customer": "Eleni Georgiou",
    "telephone": "+35799000001",
    "reason": "",
    "booked_at": "2026-06-10T09:00:00Z",
    "changed_at": "2026-06-10T09:00:00Z",
    "arrived_at": None,
    "ended_at": None,
    "may": ["moving", "refusal", "arrival"],
}
_DETAIL = _BOOKING | {
    "plan_works": [{"code": "inspection", "name": "Yearly inspection"}],
    "open_recalls": [{"code": "R-26-014", "name": "Fuel pump"}],
}
_AFTER = "2026-06-10T08:45:00Z_00000000-0000-0000-0000-000000000000"
_TOLD: dict[str, Any] = {
    "id": "WO-2026-1187",
    "vin": "JTJSAMPLECY900001",
    "done_on": "2026-06-09",
    "odometer_km": 45_210,
    "items": ["inspection"],
    "works": ["Wiper blades"],
}
_KEPT = {name: value for name, value in _TOLD.items() if name != "id"} | {
    "id": "7d2f6a10-93f0-4f58-b1a1-6c5b4a392817",
    "reference": "WO-2026-1187",
    "recorded_at": "2026-06-10T09:00:00Z",
}

WORKSHOP = [answers("As it is offered", _WORKSHOP)]
HOURS = [
    asks("Mornings of Mondays", {"openings": _WORKSHOP["openings"], "takes_bookings": True}),
    answers("As it is offered from now on", _WORKSHOP),
]
CLOSED_DAYS = [asks("Christmas Eve", {"days": ["2026-12-24"]}), answers("As it is offered from now on", _WORKSHOP)]
BOOKINGS = [answers("One is new", {"next": None, "after": _AFTER, "results": [_BOOKING]})]
BOOKING = [answers("As it is now", _DETAIL)]
FREE_TIMES = [
    answers(
        "The next open day",
        {"results": [{"on": "2026-06-11", "starts": ["2026-06-11T05:00:00Z", "2026-06-11T05:30:00Z"]}]},
    )
]
MOVING = [asks("Two hours later", {"starts_at": "2026-06-11T10:00:00+03:00"}), *BOOKING]
REFUSAL = [
    asks("No lift", {"reason": "Our lift is being repaired."}),
    answers(
        "Refused",
        _DETAIL | {"state": "refused", "revision": 1, "reason": "Our lift is being repaired.", "may": []},
    ),
]
COMPLETION = [
    asks(
        "Inspected, and a recall carried out",
        {"odometer_km": 45_210, "items": ["inspection"], "works": ["Wiper blades"], "recalls": ["R-26-014"]},
    ),
    answers("Done", _DETAIL | {"state": "done", "may": [], "open_recalls": []}),
]
RECORDS = [answers("The first", {"next": None, "results": [_KEPT]})]
TOLD = [
    asks("One that came without a booking", {"records": [_TOLD]}),
    answers("It was news", {"kept": 1, "known": 0, "left_out": [], "refused": []}),
    answers(
        "Its reading cannot be",
        {
            "kept": 0,
            "known": 0,
            "left_out": [],
            "refused": [
                {
                    "index": 0,
                    "field": "",
                    "code": "reading_does_not_fit",
                    "detail": "An earlier service has a higher reading. Please read it again.",
                }
            ],
        },
    ),
]
