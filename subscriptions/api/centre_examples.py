"""Examples in the OpenAPI description; tests/api/test_description.py holds them to its schemas."""

from typing import Any

from portal.api.examples import answers, asks

_SEAL = "eyJxdW90ZSI6IlF1b3RlIn0:1wXyZa:n0t-a-rEaL-seal"
_CENTRE: Any = {
    "controls": True,
    "sees_state": True,
    "currency": "EUR",
    "suites": [
        {"code": "app", "name": "App services", "missing_step": None, "packages": []},
        {
            "code": "multimedia",
            "name": "Multimedia services",
            "missing_step": "Link your profile to the car’s screen: most of these services work in it.",
            "packages": [
                {
                    "code": "navigation",
                    "name": "Navigation",
                    "description": "",
                    "services": [
                        {
                            "code": "navigation-service",
                            "name": "navigation service",
                            "description": "",
                            "needs": "",
                            "missing": [],
                        }
                    ],
                    "needs_package": None,
                    "state": "available",
                    "state_words": "Available",
                    "missing": [],
                    "limits": {"work": "none", "words": "", "begins": "", "privacy_mode": ""},
                    "free_period": None,
                    "subscription": None,
                    "ordered_ahead": None,
                    "ends_on": None,
                    "next_charge_on": None,
                    "prices": [
                        {
                            "term": "monthly",
                            "term_name": "monthly",
                            "term_months": 1,
                            "price": "9.90",
                            "per_month": "9.90",
                        },
                        {
                            "term": "yearly",
                            "term_name": "yearly",
                            "term_months": 12,
                            "price": "99.00",
                            "per_month": "8.25",
                        },
                        {
                            "term": "four-yearly",
                            "term_name": "four-yearly",
                            "term_months": 48,
                            "price": "299.00",
                            "per_month": "6.23",
                        },
                    ],
                    "gives_trial": True,
                    "next_step": "order",
                    "may_order": True,
                },
                {
                    "code": "free",
                    "name": "Free",
                    "description": "",
                    "services": [
                        {"code": "free-service", "name": "free service", "description": "", "needs": "", "missing": []}
                    ],
                    "needs_package": None,
                    "state": "included",
                    "state_words": "Included",
                    "missing": [],
                    "limits": {"work": "none", "words": "", "begins": "", "privacy_mode": ""},
                    "free_period": {
                        "starts_on": "2018-03-15",
                        "ends_on": "2068-03-15",
                        "months": 600,
                        "months_passed": 98,
                    },
                    "subscription": None,
                    "ordered_ahead": None,
                    "ends_on": None,
                    "next_charge_on": None,
                    "prices": [
                        {
                            "term": "monthly",
                            "term_name": "monthly",
                            "term_months": 1,
                            "price": "9.90",
                            "per_month": "9.90",
                        },
                        {
                            "term": "yearly",
                            "term_name": "yearly",
                            "term_months": 12,
                            "price": "99.00",
                            "per_month": "8.25",
                        },
                        {
                            "term": "four-yearly",
                            "term_name": "four-yearly",
                            "term_months": 48,
                            "price": "299.00",
                            "per_month": "6.23",
                        },
                    ],
                    "gives_trial": False,
                    "next_step": "activate",
                    "may_order": False,
                },
            ],
        },
    ],
}
_COMPLIMENTARY: Any = {
    "id": "5d3e7a55-5a0b-4f0e-9a53-0a2b6c7d8e90",
    "package": "free",
    "package_name": "Free",
    "car": "NX 350h KAA001",
    "status": "complimentary",
    "is_ending": False,
    "as_shown": {
        "state": "Complimentary",
        "label": "Included until",
        "on": "2068-03-15",
        "sentence": "It comes with the car, costs nothing and ends by itself.",
    },
    "term": "",
    "term_name": "",
    "price": "0.00",
    "currency": "EUR",
    "ordered_at": "2026-06-10T09:00:00Z",
    "activated_on": "2026-06-10",
    "next_charge_on": None,
    "ends_on": "2068-03-15",
    "end_reason": "expired",
}
_SUMMARY: Any = {
    "package": "navigation",
    "package_name": "Navigation",
    "term": "yearly",
    "term_name": "yearly",
    "price": "99.00",
    "net": "83.19",
    "vat": "15.81",
    "vat_rate": "19.00",
    "currency": "EUR",
    "is_trial": True,
    "is_ahead": False,
    "starts_on": "2026-06-10",
    "charges_on": ["2026-07-10", "2027-07-10", "2028-07-10"],
    "withdraw_until": "2026-06-24",
    "rights": [
        "You can cancel at any time. It then ends with the month in use, and each whole month left is paid back.",
        "You can withdraw from the contract until 24 June 2026 without a reason. It then ends at once; "
        "nothing has been paid by then.",
        "It renews by itself until you cancel. We write to you seven days before the first charge after "
        "a free month and before each yearly or four-yearly charge.",
    ],
    "card": {
        "id": "8a0f4c1e-3f0d-4b0e-9a39-6f1f1f3e0c11",
        "brand": "visa",
        "last4": "1001",
        "exp_month": 12,
        "exp_year": 2056,
        "expires_on": "2056-12-31",
        "is_primary": True,
        "is_refused": False,
        "added_at": "2026-06-10T09:00:00Z",
    },
    "billed_to": ["Eleni Georgiou", "Makariou III 12", "1065 Nicosia", "Cyprus"],
    "dealer": "",
    "obstacles": [],
    "outcomes": [
        {
            "day": "2027-01-19",
            "currency": "EUR",
            "charges": [{"on": "2026-07-10", "amount": "99.00"}],
            "next_charges": [
                {"on": "2027-07-10", "amount": "99.00"},
                {"on": "2028-07-10", "amount": "99.00"},
                {"on": "2029-07-10", "amount": "99.00"},
            ],
            "cancellation": {
                "ends_on": "2027-02-10",
                "refund": "41.25",
                "basis": "pro_rata",
                "months_used": 7,
                "months_left": 5,
                "sentence": "7 months count as used. 5 whole months are left and are paid back.",
            },
            "no_cancellation": "",
            "withdrawal": None,
            "no_withdrawal": "The fourteen days in which you could withdraw are over. You can still cancel.",
            "removal": {
                "ends_on": "2027-01-19",
                "refund": "41.25",
                "basis": "pro_rata",
                "months_used": 7,
                "months_left": 5,
                "sentence": "7 months count as used. 5 whole months are left and are paid back.",
            },
            "others_removed": 0,
            "other_terms": [
                {
                    "term": "monthly",
                    "price": "9.90",
                    "starts_on": "2027-02-10",
                    "charges_on": ["2027-02-10", "2027-03-10", "2027-04-10"],
                },
                {
                    "term": "four-yearly",
                    "price": "299.00",
                    "starts_on": "2027-02-10",
                    "charges_on": ["2027-02-10", "2031-02-10", "2035-02-10"],
                },
            ],
        }
    ],
    "order_text": "I order Navigation, yearly, for €99.00 including VAT, first charged on 10 July 2026.",
    "button_label": "Order with obligation to pay",
    "confirmation": "eyJxdW90ZSI6IlF1b3RlIn0:1wXyZa:n0t-a-rEaL-seal",
}
_ORDERED: Any = {
    "id": "49534bd8-c08c-41a0-a180-63ddd211412b",
    "package": "navigation",
    "package_name": "Navigation",
    "car": "NX 350h KAA001",
    "status": "trial",
    "is_ending": False,
    "as_shown": {
        "state": "Free month",
        "label": "First charge on",
        "on": "2026-07-10",
        "sentence": "Until then the month is free, and you can cancel any time.",
    },
    "term": "yearly",
    "term_name": "yearly",
    "price": "99.00",
    "currency": "EUR",
    "ordered_at": "2026-06-10T09:00:00Z",
    "activated_on": "2026-06-10",
    "next_charge_on": "2026-07-10",
    "ends_on": None,
    "end_reason": "",
}

CENTRE = [answers("One package can be ordered, one comes with the car", _CENTRE)]
ACTIVATED = [answers("Taken up", _COMPLIMENTARY)]
SUMMARY = [answers("A year with a free month", _SUMMARY)]
ORDER = [
    asks("As shown", {"term": "yearly", "confirmation": _SEAL}),
    asks(
        "A dealer helped", {"term": "yearly", "confirmation": _SEAL, "dealer": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}
    ),
    answers("Ordered", _ORDERED | {"authentication_url": None}),
]
