"""Examples in the OpenAPI description; tests/api/test_description.py holds them to its schemas."""

from typing import Any

from portal.api.examples import answers, asks

_SEAL = "eyJxdW90ZSI6IlF1b3RlIn0:1wXyZa:n0t-a-rEaL-seal"
_LIST: Any = {
    "next": "https://portal.example.com/api/v1/subscriptions/?after=5d3e7a55-5a0b-4f0e-9a53-0a2b6c7d8e90&limit=1",
    "results": [
        {
            "id": "0e3c6f52-7a1b-4a3e-8a5d-3d2b9c4f7e21",
            "package": "digital-key",
            "package_name": "Digital key",
            "car": "NX 350h KAA001",
            "status": "paid",
            "is_ending": False,
            "as_shown": {
                "state": "Active",
                "label": "Next charge on",
                "on": "2027-06-10",
                "sentence": "It renews by itself until you cancel.",
            },
            "term": "yearly",
            "term_name": "yearly",
            "price": "60.00",
            "currency": "EUR",
            "ordered_at": "2026-06-10T09:00:00Z",
            "activated_on": "2026-06-10",
            "next_charge_on": "2027-06-10",
            "ends_on": None,
            "end_reason": "",
        }
    ],
}
_ONE: Any = {
    "id": "0e3c6f52-7a1b-4a3e-8a5d-3d2b9c4f7e21",
    "package": "digital-key",
    "package_name": "Digital key",
    "car": "NX 350h KAA001",
    "status": "paid",
    "is_ending": False,
    "as_shown": {
        "state": "Active",
        "label": "Next charge on",
        "on": "2027-06-10",
        "sentence": "It renews by itself until you cancel.",
    },
    "term": "yearly",
    "term_name": "yearly",
    "price": "60.00",
    "currency": "EUR",
    "ordered_at": "2026-06-10T09:00:00Z",
    "activated_on": "2026-06-10",
    "next_charge_on": "2027-06-10",
    "ends_on": None,
    "end_reason": "",
    "may": {
        "cancel": True,
        "undo_cancellation": False,
        "withdraw": True,
        "change_term": True,
        "answer_new_price": False,
        "pay_now": False,
    },
    "contract": {
        "number": "CY-CGBVZ-JSHZJ",
        "ordered_at": "2026-06-10T09:00:00Z",
        "terms_version": "2020-01",
        "language": "en",
        "order_text": "I order Digital key, yearly, for €60.00 including VAT, first charged on 10 June 2026.",
        "agreed": {
            "package": "Digital key",
            "services": ["digital-key service"],
            "vin": "JTJSAMPLECY900001",
            "term": "yearly",
            "price": "60.00",
            "vat_rate": "19.00",
            "currency": "EUR",
            "activated_on": "2026-06-10",
            "trial_months": 0,
        },
        "amendments": [],
    },
    "next_charge": {
        "on": "2027-06-10",
        "amount": "60.00",
        "sentences": [
            "Charge 2 is due 12 months after the activation on 10 June 2026.",
            "€60.00 is the price of your contract of 10 June 2026.",
            "VAT is included: €9.58 (19%) on €50.42 net.",
        ],
    },
    "explanation": "€60.00 was charged for the period that your contract had due.",
    "planned_term": None,
    "timeline": [
        {"on": "2027-06-10", "title": "Charge of €60.00", "text": "", "is_planned": True},
        {"on": "2026-06-10", "title": "Document CY-2026-004711", "text": "", "is_planned": False},
        {
            "on": "2026-06-10",
            "title": "Charged €60.00",
            "text": "For the time from 10 June 2026 to 10 June 2027.",
            "is_planned": False,
        },
        {"on": "2026-06-10", "title": "Ordered for €60.00", "text": "", "is_planned": False},
    ],
    "refunds": [],
}
_DAY: Any = {
    "day": "2026-09-18",
    "currency": "EUR",
    "charges": [],
    "next_charges": [
        {"on": "2027-06-10", "amount": "60.00"},
        {"on": "2028-06-10", "amount": "60.00"},
        {"on": "2029-06-10", "amount": "60.00"},
    ],
    "cancellation": {
        "ends_on": "2026-10-10",
        "refund": "40.00",
        "basis": "pro_rata",
        "months_used": 4,
        "months_left": 8,
        "sentence": "4 months count as used. 8 whole months are left and are paid back.",
    },
    "no_cancellation": "",
    "withdrawal": None,
    "no_withdrawal": "The fourteen days in which you could withdraw are over. You can still cancel.",
    "removal": {
        "ends_on": "2026-09-18",
        "refund": "40.00",
        "basis": "pro_rata",
        "months_used": 4,
        "months_left": 8,
        "sentence": "4 months count as used. 8 whole months are left and are paid back.",
    },
    "others_removed": 2,
    "other_terms": [
        {
            "term": "monthly",
            "price": "5.00",
            "starts_on": "2026-10-10",
            "charges_on": ["2026-10-10", "2026-11-10", "2026-12-10"],
        }
    ],
}
_CANCELLATION: Any = {
    "ends_on": "2026-06-10",
    "refund": "60.00",
    "basis": "pro_rata",
    "months_used": 0,
    "months_left": 12,
    "sentence": "0 months count as used. 12 whole months are left and are paid back.",
    "add_ons": [],
    "refund_in_all": "60.00",
    "currency": "EUR",
    "confirmation": "eyJxdW90ZSI6IlF1b3RlIn0:1wXyZa:n0t-a-rEaL-seal",
}
_WITHDRAWAL: Any = {
    "ends_on": "2026-06-10",
    "refund": "60.00",
    "add_ons": [],
    "refund_in_all": "60.00",
    "currency": "EUR",
    "label": "Confirm withdrawal",
    "confirmation": "eyJxdW90ZSI6IlF1b3RlIn0:1wXyZa:n0t-a-rEaL-seal",
}
_TERM: Any = {
    "terms": [{"term": "monthly", "term_name": "monthly", "term_months": 1, "price": "5.00", "per_month": "5.00"}],
    "change": {
        "term": "monthly",
        "price": "5.00",
        "begins_on": "2026-06-10",
        "is_at_once": True,
        "first_charge_on": "2026-06-10",
        "end": {
            "ends_on": "2026-06-10",
            "refund": "60.00",
            "basis": "pro_rata",
            "months_used": 0,
            "months_left": 12,
            "sentence": "0 months count as used. 12 whole months are left and are paid back.",
        },
        "add_ons": [],
        "confirmation": "eyJxdW90ZSI6IlF1b3RlIn0:1wXyZa:n0t-a-rEaL-seal",
    },
}
_CARD: Any = {
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
_PAID: Any = {"outcome": "charged", "detail": "Thank you, the payment is made.", "authentication_url": None}
_ASKED: Any = {
    "outcome": "needs_authentication",
    "detail": "Your bank asks you to confirm this payment yourself.",
    "authentication_url": "https://pay.example.com/confirm/4f1c",
}
_PRICE: Any = {
    "old_price": "60.00",
    "price": "66.00",
    "vat": "10.54",
    "vat_rate": "19.00",
    "currency": "EUR",
    "charge_on": "2027-06-10",
    "was_declined": False,
    "order_text": "I accept €66.00 instead of €60.00 for Digital key, from the charge of 10 June 2027 on.",
    "confirmation": _SEAL,
}

SUBSCRIPTIONS = [answers("The newest", _LIST["results"][0])]
SUBSCRIPTION = [answers("A year that is paid", _ONE)]
OUTCOME = [answers("In a hundred days", _DAY)]
CANCELLATION = [answers("The whole year comes back", _CANCELLATION)]
CANCEL = [asks("As shown", {"confirmation": _SEAL}), *SUBSCRIPTION]
WITHDRAWAL = [answers("Within fourteen days", _WITHDRAWAL)]
TERMS = [answers("What changing to monthly would bring", _TERM), answers("The terms", _TERM | {"change": None})]
CHANGE_TERM = [asks("As shown", {"term": "monthly", "confirmation": _SEAL}), *SUBSCRIPTION]
NEW_PRICE = [answers("Sixty days before the charge", _PRICE)]
ANSWER_PRICE = [
    asks("Yes, as shown", {"answer": "accept", "confirmation": _SEAL}),
    asks("No", {"answer": "decline", "confirmation": _SEAL}),
    *SUBSCRIPTION,
]
DUE = [answers("A year is due", {"amount": "60.00", "currency": "EUR", "due_on": "2026-06-10", "card": _CARD})]
PAID = [answers("Paid", _PAID), answers("The bank asks (3-D Secure)", _ASKED)]
PAY = [asks("With the card that was shown", {"card": _CARD["id"]}), *PAID]
