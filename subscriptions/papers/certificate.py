"""The certificate of a car that was sold (L1): PDF with a check address and its QR code. It names nobody.

Made when it is wanted, from the row: the same row gives the same bytes. What proves it is the page behind the address.
"""

import io
from datetime import date
from typing import Any

import segno
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from garage.models import Sale
from portal.links import absolute
from portal.templatetags.frame import day_in_words
from subscriptions.invoicing.render import typeset


def check_url(sale: Sale, *, language: str) -> str:
    with translation.override(language):
        return absolute(reverse("certificate", args=[sale.check_number]))


def certified_on(sale: Sale) -> date:
    """By the market's calendar. Of a finished sale."""
    if sale.finished_at is None:
        raise ValueError(f"sale {sale.public_id} is not finished")
    return sale.membership.account.market.local_date(sale.finished_at)


def certificate_pdf(sale: Sale, *, language: str) -> bytes:
    """Of a finished sale, in English or Greek."""
    return typeset("certificate.typ", sheet_of(sale, language=language), made_on=certified_on(sale))


def sheet_of(sale: Sale, *, language: str) -> dict[str, Any]:
    """What stands on it."""
    link, url = sale.membership, check_url(sale, language=language)
    brand = link.account.market.brand
    with translation.override(language):
        day = day_in_words(certified_on(sale))
        lead = _("On %(day)s nothing of the previous account was connected with this car any more.")
        return {
            "language": language,
            "wordmark": brand.name,
            "accent": brand.accent_light,
            "title": _("Certificate for a car that was sold"),
            "lead": lead % {"day": day},
            "facts": [
                {"label": _("Model"), "value": sale.model},
                {"label": _("VIN"), "value": link.vehicle.vin},
                {"label": _("Day"), "value": day},
            ],
            "sentences": certified_sentences(),
            "check": {
                "title": _("Is it genuine?"),
                "text": _("Open this address, and compare day and VIN with this sheet:"),
                "address": url,
                "number": _("Number %(number)s") % {"number": sale.check_number},
                "qr": _qr(url),
                "alt": _("QR code of the address that checks this certificate"),
            },
            "footer": _("It says how things stood on that day. It names no person and transfers no ownership."),
        }


def certified_sentences() -> list[str]:
    """What was so when the sale was finished, on paper and on the page that checks it."""
    return [
        _("The connected services of the previous account had ended."),
        _("The car had left its garage, and no account or driver that came by it reached the car any more."),
        _("No app, head unit or third party reached the car by its leave."),
        _("Its multimedia profile was removed from the car’s screen, as the car confirmed or its user declared."),
    ]


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    segno.make(url, micro=False, error="m").save(drawn, kind="svg", scale=4, border=2, dark="#15171b", xmldecl=False)
    return drawn.getvalue().decode()
