"""Examples in the OpenAPI description; tests/api/test_description.py holds them to its schemas."""

from typing import Any

from portal.api.examples import answers, asks

_SITE = "https://portal.example.com"
_ARTICLE = f"{_SITE}/support/cancelling/how-to-cancel/"
_CASE: dict[str, Any] = {
    "id": "9b2e4f6a-1c3d-4e5f-8a7b-6c5d4e3f2a1b",
    "number": "CY-7KQ3-M9XV",
    "category": "connected-services",
    "title": "Connected services",
    "state": "waiting_us",
    "state_words": "We are working on it",
    "opened_at": "2026-06-10T09:00:00Z",
    "last_at": "2026-06-10T09:00:00Z",
}
_FILE = f"{_SITE}/api/v1/cases/9b2e4f6a-1c3d-4e5f-8a7b-6c5d4e3f2a1b/files/3f333df6-90a4-4fda-8dd3-9485d27cee36/"
_WRITTEN = {
    "at": "2026-06-10T09:00:00Z",
    "is_from_staff": False,
    "text": "The doors are shown as open.",
    "files": [{"name": "screen.png", "size": 48_200, "url": _FILE}],
}
_WHOLE = _CASE | {"thread": [_WRITTEN]}
_INCIDENT = {
    "id": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
    "kind": "incident",
    "title": "Traffic is late",
    "text": "Traffic information comes with delay.",
    "began_at": "2026-06-10T06:00:00Z",
    "ends_at": None,
    "packages": ["navigation"],
    "services": [],
}

SHELVES = [
    answers("Two shelves", {"results": [{"code": "cancelling", "name": "Cancelling and refunds", "articles": 9}]})
]
FOUND = [
    answers(
        "A question in other words",
        {
            "results": [
                {
                    "slug": "how-to-cancel",
                    "category": "cancelling",
                    "question": "How do I cancel a subscription?",
                    "passage": "Open the subscription and choose Cancel.",
                    "language": "en",
                    "url": _ARTICLE,
                }
            ]
        },
    )
]
ARTICLE = [
    answers(
        "How to cancel",
        {
            "slug": "how-to-cancel",
            "category": "cancelling",
            "question": "How do I cancel a subscription?",
            "body": "Open the subscription and choose **Cancel**.",
            "language": "en",
            "where": "In the portal and in the app",
            "links": [{"label": "My subscriptions", "url": f"{_SITE}/services/subscriptions/"}],
            "related": [],
            "guide": None,
            "url": _ARTICLE,
        },
    )
]
STATUS = [
    answers(
        "One incident",
        {
            "packages": [{"code": "navigation", "name": "Navigation", "work": "incident"}],
            "ongoing": [_INCIDENT],
            "announced": [],
            "over": [],
        },
    )
]
CASE_CATEGORIES = [answers("Two of them", {"results": [{"code": "billing", "name": "Payments and invoices"}]})]
CASES = [answers("One case", _CASE)]
CASE = [answers("With its thread", _WHOLE)]
NEW_CASE = [
    asks(
        "With a picture",
        {
            "category": "connected-services",
            "message": "The doors are shown as open.",
            "vehicle": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
            "files": [{"name": "screen.png", "content": "iVBORw0KGgo="}],
        },
    ),
    answers("Opened", _WHOLE),
]
REPLY = [asks("In words", {"message": "Now they are shown as closed."}), answers("Added", _WHOLE)]
