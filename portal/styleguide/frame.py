"""A frame of somebody who is signed in, has two cars and much to be told."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from portal.styleguide.words import say


class Message(NamedTuple):
    """As django.contrib.messages gives them."""

    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


def sample_frame() -> dict[str, Any]:
    urls = dict.fromkeys(("home", "sign_in", "register", "notices", "account", "sign_out"), "#")
    signed_out = {
        "brand": {"name": "SAMPLE", "portal_name": say("Owners portal", "Πύλη ιδιοκτητών")},
        "market": {"name": say("Cyprus", "Κύπρος"), "contact": {"telephone": "+357 22 000 000"}},
        "tasks": [
            {"label": say("Find an invoice", "Βρείτε ένα τιμολόγιο"), "url": "#"},
            {"label": say("Cancel a subscription", "Ακύρωση συνδρομής"), "url": "#"},
        ],
        "sections": _sections(),
        "footer": [
            {"label": say("Withdraw from contract here", "Υπαναχώρηση από τη σύμβαση εδώ"), "url": "#"},
            {"label": say("Privacy", "Απόρρητο"), "url": "#"},
        ],
        "languages": [
            {"code": "en", "label": "English", "url": "?language=en", "is_current": say("en", "el") == "en"},
            {"code": "el", "label": "Ελληνικά", "url": "?language=el", "is_current": say("en", "el") == "el"},
        ],
        "urls": urls,
    }
    return {
        "signed_out": signed_out,
        "signed_in": signed_out | {"account_label": "maria@example.com", "garage": _garage(), "unread_notices": 3},
        "paused": {"terms_banner": {"is_paused": True}},
        "five_days": {"terms_banner": {"days": 5, "last_day": datetime(2024, 6, 15, tzinfo=UTC)}},
        "last_day": {"terms_banner": {"days": 0}},
        "barred": {"barred_until": datetime(2024, 6, 12, 11, 5, tzinfo=UTC)},
        "messages": [
            Message("success", say("Your address is saved.", "Η διεύθυνσή σας αποθηκεύτηκε.")),
            Message("error", say("The card was not added.", "Η κάρτα δεν προστέθηκε.")),
        ],
    }


def _sections() -> list[dict[str, Any]]:
    return [
        {"label": say("My Garage", "Το γκαράζ μου"), "url": "#", "icon": "car-front", "is_current": True},
        {"label": say("Payments", "Πληρωμές"), "url": "#", "icon": "wallet"},
        {"label": say("Support", "Υποστήριξη"), "url": "#", "icon": "life-buoy"},
    ]


def _garage() -> list[dict[str, Any]]:
    return [
        {
            "label": "RX 450h+",
            "plate": "KZA 482",
            "body": "suv",
            "colour": "#7a1f28",
            "is_selected": True,
            "url_select": "#",
        },
        {"label": "ES 300h", "plate": "MBB 107", "body": "saloon", "colour": "#e4e5e3", "url_select": "#"},
    ]
