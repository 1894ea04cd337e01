"""Sample facts for each kind of notice, as the actions above pass them."""

SUBSCRIPTION = {"package_name": "Remote & Climate", "url": "/connected-services/subscriptions/1/"}
CHARGE = SUBSCRIPTION | {"amount": "99.00", "currency": "EUR"}
FAILURE = CHARGE | {"reason": "Your bank has declined the card.", "attempt": "1", "next_try_on": "2026-03-18"}
DOCUMENT = SUBSCRIPTION | {"gross": "99.00", "currency": "EUR", "document": "4f0c"}
COMPLIMENTARY = SUBSCRIPTION | {"ends_on": "2026-04-01", "plans": [{"term": "yearly", "price": "99.00"}]}
PRICE = SUBSCRIPTION | {"old_price": "99.00", "price": "109.00", "currency": "EUR", "charge_on": "2026-06-10"}
CARD = {"card_last4": "4242", "expires_on": "2026-04-30", "url": "/payments/wallet/"}
ORDER = {"order_number": "LX-4711", "vehicle_model": "NX 450h+", "url": "/en/garage/"}
CONTROL = {
    "vehicle_label": "NX 450h+ KAA123",
    "due_at": "2026-06-13T09:00:00+00:00",
    "refund": "66.00",
    "currency": "EUR",
    "url": "/garage/",
}

CASE = {
    "case_number": "CY-7F3K-9QXD",
    "category": "Insurance",
    "telephone": "+357 22 000000",
    "hours": "Monday to Friday, 8:00 to 18:00",
    "url": "/en/support/cases/1/",
}

FACTS = {
    "case_received": CASE,
    "case_answered": CASE,
    "case_closed": CASE,
    "data_grant": {
        "change": "given",
        "third_party": "Sample Insurance",
        "vehicle_label": "NX 450h+ KAA123",
        "kinds": [{"data_kind": "specification"}],
        "ends_on": "2026-12-31",
        "url": "/garage/grants/1/",
    },
    "map_update": {
        "change": "installed",
        "vehicle_label": "NX 450h+ KAA123",
        "version": "2026.1",
        "url": "/garage/1/multimedia/",
    },
    "caller_check_failed": {"happened_at": "2026-06-10T12:00:00+00:00", "url": "/account/security/"},
    "helped_by_telephone": {
        "act": "email",
        "happened_at": "2026-06-10T12:00:00+00:00",
        "url": "/account/security/",
    },
    "car_facts_corrected": {
        "vehicle_label": "NX 450h+ KAA123",
        "told": "17/2026",
        "ends": [{"package_name": "Remote", "ends_on": "2028-04-01"}],
        "url": "/garage/1/",
    },
    "refund_by_staff": CHARGE
    | {"card_last4": "4242", "expected_on": "2026-04-01", "is_free_month": True, "told": "17/2026"},
    "period_extended": SUBSCRIPTION | {"ends_on": "2026-05-01", "ended_on": "2026-04-01", "told": "17/2026"},
    "order_confirmed": SUBSCRIPTION
    | {
        "vehicle_label": "NX 450h+ (KAA 123)",
        "term": "yearly",
        "price": "99.00",
        "currency": "EUR",
        "first_charge_on": "2026-04-10",
        "trial_ends_on": "2026-04-10",
        "contract_number": "C-1001",
    },
    "invoice_issued": DOCUMENT
    | {"document_number": "CY-2026-000017", "period_from": "2026-03-10", "period_to": "2027-03-09"},
    "credit_note_issued": DOCUMENT
    | {
        "document_number": "CYC-2026-000003",
        "invoice_number": "CY-2026-000017",
        "card_last4": "4242",
        "expected_on": "2026-03-24",
    },
    "document_corrected": SUBSCRIPTION
    | {
        "document": "4f0c",
        "document_number": "CY-2026-000018",
        "note": "4f0d",
        "note_number": "CN-CY-2026-000003",
        "invoice_number": "CY-2026-000017",
    },
    "trial_ending": CHARGE | {"charge_on": "2026-03-17", "card_last4": "4242"},
    "charge_upcoming": CHARGE | {"charge_on": "2026-03-17", "card_last4": "4242"},
    "charge_upcoming_early": CHARGE | {"charge_on": "2026-04-17", "card_last4": "4242"},
    "payment_failed": FAILURE,
    "order_refused": CHARGE | {"reason": "Your bank declined the charge. It can tell you why."},
    "authentication_needed": FAILURE,
    "subscription_ended": SUBSCRIPTION | {"ended_on": "2026-03-17", "reason": "The last try to charge failed."},
    "cancellation_confirmed": SUBSCRIPTION | {"ends_on": "2026-06-10", "refund": "66.00", "currency": "EUR"},
    "withdrawal_receipt": {
        "package_name": "Remote & Climate",
        "contract_number": "C-1001",
        "received_at": "2026-03-10T09:30:00+00:00",
        "refund": "99.00",
        "currency": "EUR",
    },
    "withdrawal_answered": SUBSCRIPTION
    | {
        "contract_number": "C-1001",
        "received_at": "2026-03-10T09:30:00+00:00",
        "answer": "withdrawal_over",
        "may_cancel": True,
    },
    "price_change": PRICE | {"term": "yearly"},
    "price_accepted": PRICE
    | {
        "accepted_at": "2026-03-10T09:30:00+00:00",
        "order_text": "I accept 109.00.",
        "terms_version": "2026-01",
        "contract_number": "C-1001",
    },
    "package_discontinued": SUBSCRIPTION | {"ends_on": "2026-06-10", "refund": "66.00", "currency": "EUR"},
    "term_change_ready": SUBSCRIPTION
    | {"vehicle_label": "NX 450h+ (KAA 123)", "term": "monthly", "price": "9.90", "currency": "EUR"},
    "complimentary_ending": COMPLIMENTARY,
    "complimentary_ended": COMPLIMENTARY,
    "card_expiring": CARD,
    "card_expired": CARD,
    "access_tried": {
        "vehicle_label": "NX 450h+",
        "what": "wrong",
        "tried_at": "2026-03-10T09:30:00+00:00",
        "url": "/en/garage/1/",
    },
    "access_unblocked": {"vehicle_label": "NX 450h+", "url": "/en/garage/1/access/"},
    "order_stage": ORDER | {"stage": "shipped", "expected_on": "2026-09-01"},
    "order_delivered": ORDER | {"is_active": True},
    "order_waits": ORDER,
    "warranty": {"vehicle_label": "NX 450h+", "day_on": "2026-07-10", "years": 2, "url": "/garage/1/service/"},
    "recall": {
        "vehicle_label": "NX 450h+",
        "recall_code": "26SMP01",
        "recall_name": "Bracket of the cable",
        "recall_text": "It can come loose.",
        "url": "/garage/1/service/",
    },
    "trips_going": {
        "vehicle_label": "NX 450h+ KAA123",
        "oldest_on": "2023-06-10",
        "goes_on": "2026-06-11",
        "last_on": "2023-06-30",
        "months": 36,
        "url": "/garage/1/data/",
    },
    "service_due": {
        "vehicle_label": "NX 450h+",
        "works": ["Υγρά φρένων", "Φίλτρο καμπίνας"],
        "due_on": "2026-09-01",
        "url": "/en/garage/1/service/",
    },
    "service_booking": {
        "change": "booked",
        "booking": "00000000-0000-0000-0000-000000000001",
        "revision": 0,
        "vehicle_label": "NX 450h+ KAA123",
        "dealer_name": "Sample Motors Nicosia",
        "dealer_address": "11 Sample Avenue, 2025 Nicosia",
        "dealer_telephone": "+357 22 000111",
        "works": ["Service", "Brake fluid"],
        "starts_at": "2026-06-13T06:00:00+00:00",
        "ends_at": "2026-06-13T08:00:00+00:00",
        "dealer_reason": "",
        "url": "/en/garage/bookings/1/",
    },
    "accountant_access": {
        "change": "begun",
        "is_owner": True,
        "email": "books@example.com",
        "owner_name": "Maria Member",
        "url": "/en/payments/documents/accountants/",
    },
    "export_ready": {
        "expires_on": "2026-03-17",
        "url": "/en/account/privacy/exports/00000000-0000-0000-0000-000000000001/",
    },
    "sign_in_changed": {
        "client": "Sample multimedia",
        "label": "NX in the garage",
        "change": "begun",
        "happened_at": "2026-06-10T09:00:00+00:00",
        "url": "/en/account/sign-ins/",
    },
    "copies_changed": {"email": "books@example.com", "change": "confirmed", "url": "/en/account/copies/"},
    "control_offer": CONTROL | {"change": "offered", "is_giver": True},
    "control_request": CONTROL | {"change": "asked", "is_giver": True},
    "control_moved": {
        "has_control": False,
        "vehicle_label": "NX 450h+ KAA123",
        "refund": "66.00",
        "currency": "EUR",
        "url": "/garage/",
    },
    "driver_access": {
        "change": "begun",
        "is_owner": True,
        "email": "driver@example.com",
        "vehicle_label": "NX 450h+ KAA123",
        "last_on": "2026-06-30",
        "url": "/garage/",
    },
    "vehicle_alert": {
        "vehicle_label": "NX 450h+",
        "alert": "window_open",
        "corners": "front_left,rear_right",
        "happened_at": "2026-06-10T09:00:00+00:00",
        "url": "/garage/",
    },
    "warning_light": {
        "vehicle_label": "NX 450h+",
        "lights": [{"light": "tyre_pressure", "light_meaning": "tyre_pressure", "light_advice": "care"}],
        "dealer_name": "Sample Motors Nicosia",
        "dealer_telephone": "+357 22 000111",
        "happened_at": "2026-06-10T09:00:00+00:00",
        "url": "/garage/",
    },
    "dealer_acted": {
        "change": "begun",
        "dealer_name": "Sample Motors Nicosia",
        "vehicle_label": "NX 450h+ KAA123",
        "package_name": "",
        "refund": "0.00",
        "currency": "EUR",
        "url": "/garage/",
    },
    "trade_in": {
        "change": "declared",
        "dealer_name": "Sample Motors Nicosia",
        "vehicle_label": "NX 450h+ KAA123",
        "due_at": "2026-06-13T09:00:00+00:00",
        "refund": "66.00",
        "currency": "EUR",
        "url": "/garage/",
    },
    "link_cut_off": {"vehicle_label": "NX 450h+ KAA123", "url": "/garage/"},
}
