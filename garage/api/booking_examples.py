"""Examples of bookings in the OpenAPI description; tests/api/test_description.py holds them to its schemas."""

from typing import Any

from garage.api.dealer_examples import FREE_TIMES
from portal.api.examples import answers, asks

_SHOP = "f4a8b1de-2a3c-4d5e-8f60-718293a4b5c6"
_WORK = {"code": "service", "name": "Yearly service", "minutes": 90}
_BOOKED: dict[str, Any] = {
    "id": "5b0c2a6e-3a7d-4a59-8c6d-0d8e1f2a3b4c",
    "state": "booked",
    "dealer": "Lexus Nicosia",
    "telephone": "+357 22 000000",
    "starts_at": "2026-06-11T05:00:00Z",
    "ends_at": "2026-06-11T06:30:00Z",
    "works": [_WORK],
    "words": "It rattles.",
    "reason": "",
    "may_change": True,
}

WORKSHOPS = [
    answers(
        "The preferred one first",
        {
            "results": [
                {
                    "id": _SHOP,
                    "dealer": "Lexus Nicosia",
                    "town": "Nicosia",
                    "address": "1 Sample Street",
                    "telephone": "+357 22 000000",
                    "works": [_WORK],
                }
            ]
        },
    )
]
BOOKED = [answers("Booked", _BOOKED)]
BOOK = [
    asks(
        "A yearly service",
        {"dealer": _SHOP, "works": ["service"], "starts_at": "2026-06-11T08:00:00+03:00", "words": "It rattles."},
    ),
    *BOOKED,
]
CHANGE = [
    asks("Two hours later", {"starts_at": "2026-06-11T10:00:00+03:00"}),
    answers("Changed", _BOOKED | {"starts_at": "2026-06-11T07:00:00Z", "ends_at": "2026-06-11T08:30:00Z"}),
]
CANCELLED = [answers("Cancelled", _BOOKED | {"state": "cancelled", "may_change": False})]

__all__ = ["BOOK", "BOOKED", "CANCELLED", "CHANGE", "FREE_TIMES", "WORKSHOPS"]
