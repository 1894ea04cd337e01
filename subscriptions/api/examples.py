"""Examples of leaving and of control in the OpenAPI description; tests/api/test_description.py holds them to it."""

from portal.api.examples import answers, asks

_SEAL = "eyJxdW90ZSI6IlJlbW92YWxRdW90ZSJ9:1wXyZa:n0t-a-rEaL-seal"

_ENDS = {
    "ends": [
        {
            "subscription": "5d3e7a55-5a0b-4f0e-9a53-0a2b6c7d8e90",
            "package": "navigation",
            "package_name": "Navigation",
            "ends_on": "2026-06-10",
            "refund": "66.00",
            "basis": "pro_rata",
            "months_used": 4,
            "months_left": 8,
            "may_wait_until": None,
        }
    ],
    "refund": "66.00",
    "currency": "EUR",
    "confirmation": _SEAL,
}
_NOTHING = _ENDS | {"ends": [], "refund": "0.00"}
_REQUEST = {
    "id": "c56a4180-65aa-42ec-a945-5fd21dec0538",
    "way": "request",
    "state": "waiting",
    "is_mine": False,
    "begun_at": "2026-06-10T09:00:00Z",
    "due_at": "2026-06-13T09:00:00Z",
    "email": "",
}
_OFFER = _REQUEST | {
    "id": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
    "way": "offer",
    "is_mine": True,
    "due_at": "2026-06-17T09:00:00Z",
    "email": "buyer@example.com",
}
_STRETCHES = [
    {"since": "2026-06-10", "until": "2026-06-12", "refund": "66.00"},
    {"since": "2026-06-13", "until": "2026-06-17", "refund": "57.75"},
]


_MORE = {"drivers": 1, "is_offered": False, "is_asked_for": False}
REMOVAL = [
    answers("A year of navigation ends", _ENDS | _MORE),
    answers("Nothing runs", _NOTHING | _MORE | {"drivers": 0}),
]
CONFIRM = [asks("As shown", {"confirmation": _SEAL})]
CONTROL = [
    answers(
        "Another account asks",
        {"asked_of_me": [_REQUEST], "asked_by_me": [], "offered_by_me": [], "offered_to_me": []},
    )
]
ASKED = [
    answers("The other account is asked", _REQUEST | {"is_mine": True}),
    answers("Nothing paid runs: I have control", _REQUEST | {"is_mine": True, "state": "moved"}),
]
REQUEST = [
    answers("For whoever is asked", _REQUEST | {"quote": _ENDS}),
    answers("For whoever asks", _REQUEST | {"is_mine": True, "quote": None}),
]
ANSWER = [
    asks("Yes, as shown", {"answer": "consent", "confirmation": _SEAL}),
    asks("No", {"answer": "object"}),
    answers("Control has moved", _REQUEST | {"state": "moved"}),
    answers("Dealer or customer centre decide", _REQUEST | {"state": "objected"}),
]
OFFER_QUOTE = [answers("What an offer would end", _ENDS | {"days": 7, "stretches": _STRETCHES})]
OFFER = [asks("As shown", {"email": "buyer@example.com", "confirmation": _SEAL}), answers("Offered", _OFFER)]
OFFERS = [answers("Offers to me", {"results": [_OFFER | {"is_mine": False}]})]
OFFERED = [answers("For whoever offers", _OFFER | {"quote": _ENDS})]
OFFER_ANSWER = [
    asks("Yes", {"answer": "accept"}),
    asks("No", {"answer": "decline"}),
    answers("I have control", _OFFER | {"is_mine": False, "state": "moved"}),
    answers("The other account confirms once more", _OFFER | {"is_mine": False, "state": "to_confirm"}),
]
CONFIRM_AGAIN = [*CONFIRM, answers("Control has moved", _OFFER | {"state": "moved"})]
