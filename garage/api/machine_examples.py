"""Examples of the machines' calls in the OpenAPI description."""

from portal.api.examples import answers, asks

_CAR = {
    "vin": "JTJSAMPLECY900001",
    "plate": "MZK417",
    "model": "NX 350h",
    "body": "suv",
    "colour": "Red Mica",
    "colour_hex": "#8a1c2b",
    "powertrain": "hybrid",
    "multimedia": "MM21",
    "market": "CY",
    "warranty_start": "2024-03-15",
    "purchased_on": None,
    "first_registered_on": None,
    "odometer_km": 24500,
    "odometer_at": "2026-06-10T09:00:00+03:00",
    "capabilities": ["navigation", "remote"],
}
_ORDER = {
    "order_number": "LX-2026-00017",
    "market": "CY",
    "email": "maria@example.com",
    "model": "RX 450h+",
    "body": "suv",
    "colour_hex": "#3b4a5c",
    "stage": "shipped",
    "stage_on": "2026-06-02",
    "expected_on": "2026-09-01",
    "vin": "",
}
_DONE = {"new": 998, "changed": 1, "unchanged": 0, "bad": 1}

PAIRING = [
    asks("The car's own VIN", {"vin": "JTJSAMPLECY900001"}),
    answers(
        "What the screen shows",
        {
            "code": "4F7K-9XRT",
            "expires_at": "2026-06-10T09:10:00Z",
            "qr": "https://portal.example.com/en/garage/cars/new/code/#4F7K-9XRT",
        },
    ),
]
VEHICLES = [
    asks("One of up to 1,000 cars", {"rows": [_CAR]}),
    answers(
        "One row was bad",
        _DONE
        | {"errors": [{"index": 17, "column": "body", "code": "invalid", "detail": "'boat' is none of saloon, suv"}]},
    ),
]
ORDERS = [
    asks("One of up to 1,000 orders", {"rows": [_ORDER]}),
    answers(
        "One row was bad",
        _DONE
        | {
            "delivered": 12,
            "errors": [
                {
                    "index": 17,
                    "column": "stage",
                    "code": "order_moved_on",
                    "detail": "the order is shipped, which built cannot follow",
                }
            ],
        },
    ),
]
ACCOUNT = [
    asks("At the car's screen", {"vin": "JTJSAMPLECY900038", "email": "loukia@example.com", "language": "el"}),
    answers("A mail is on its way", {"email": "loukia@example.com", "is_mailed": True}),
]
