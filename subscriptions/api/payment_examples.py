"""Examples in the OpenAPI description; tests/api/test_description.py holds them to its schemas."""

from typing import Any

from portal.api.examples import answers

_WALLET: Any = {
    "results": [
        {
            "id": "8a0f4c1e-3f0d-4b0e-9a39-6f1f1f3e0c11",
            "brand": "visa",
            "last4": "1001",
            "exp_month": 12,
            "exp_year": 2056,
            "expires_on": "2056-12-31",
            "is_primary": True,
            "is_refused": False,
            "added_at": "2026-06-10T09:00:00Z",
        }
    ],
    "may_be_removed": False,
    "accepted": "Visa, Mastercard (credit cards)",
    "processor": "The provider keeps your card.",
}
_PAGE: Any = {"id": "b4c1a7d9-2e6f-4c8b-9d3a-1f5e7c9b2a34", "url": "https://pay.example.com/setups/4f1c"}
_PAYMENTS: Any = [
    {
        "id": "6f9d2b1c-8e4a-4d7f-a2b3-c5d6e7f80912",
        "subscription": "0e3c6f52-7a1b-4a3e-8a5d-3d2b9c4f7e21",
        "package_name": "Digital key",
        "amount": "60.00",
        "currency": "EUR",
        "status": "succeeded",
        "reason": "",
        "reason_words": "",
        "attempt": 1,
        "card": {"brand": "visa", "last4": "1001"},
        "period_from": "2026-06-10",
        "period_to": "2027-06-10",
        "refunded": "0.00",
        "started_at": "2026-06-10T09:00:00Z",
    }
]
_DOCUMENTS: Any = [
    {
        "id": "2a7c9e4b-1d3f-4e5a-b6c7-d8e9f0a1b2c3",
        "kind": "invoice",
        "kind_words": "Invoice",
        "number": "CY-2026-004711",
        "issued_on": "2026-06-10",
        "subscription": "0e3c6f52-7a1b-4a3e-8a5d-3d2b9c4f7e21",
        "package": "Digital key",
        "term": "yearly",
        "period_from": "2026-06-10",
        "period_to": "2027-06-09",
        "car": "NX 350h KAA001",
        "currency": "EUR",
        "net": "50.42",
        "vat": "9.58",
        "gross": "60.00",
        "vat_rate": "19.00",
        "card_brand": "Visa",
        "card_last4": "1001",
        "paid_on": "2026-06-10",
        "corrects": None,
        "replaces": None,
    }
]
_DOCUMENT: Any = {
    "id": "2a7c9e4b-1d3f-4e5a-b6c7-d8e9f0a1b2c3",
    "kind": "invoice",
    "kind_words": "Invoice",
    "number": "CY-2026-004711",
    "issued_on": "2026-06-10",
    "subscription": "0e3c6f52-7a1b-4a3e-8a5d-3d2b9c4f7e21",
    "package": "Digital key",
    "term": "yearly",
    "period_from": "2026-06-10",
    "period_to": "2027-06-09",
    "car": "NX 350h KAA001",
    "currency": "EUR",
    "net": "50.42",
    "vat": "9.58",
    "gross": "60.00",
    "vat_rate": "19.00",
    "card_brand": "Visa",
    "card_last4": "1001",
    "paid_on": "2026-06-10",
    "corrects": None,
    "replaces": None,
    "calculation": ["The price includes VAT of 19%: net is the total divided by 1.19, rounded to the cent."],
    "refund": None,
}
_REFUNDS: Any = [
    {
        "id": "9b8a7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d",
        "subscription": "0e3c6f52-7a1b-4a3e-8a5d-3d2b9c4f7e21",
        "package_name": "Digital key",
        "amount": "60.00",
        "currency": "EUR",
        "status": "promised",
        "state": "On its way",
        "sentence": "It is promised to your card ending in 1001 and expected by 17 June 2026.",
        "promised_at": "2026-06-10T09:00:00Z",
        "expected_on": "2026-06-17",
        "is_overdue": False,
    }
]

CARDS = [answers("One card", _WALLET)]
CARD_PAGE = [answers("To be opened in a browser", _PAGE)]
CARD = [answers("The primary card", _WALLET["results"][0])]
PROMOTED = [
    answers("Another card is the primary one now", {"primary": _WALLET["results"][0]}),
    answers("The primary card is the same", {"primary": None}),
]
PAYMENTS = [answers("Paid", _PAYMENTS[0])]
REFUNDS = [answers("On its way", _REFUNDS[0])]
DOCUMENTS = [answers("An invoice", _DOCUMENTS[0])]
DOCUMENT = [answers("An invoice", _DOCUMENT)]
