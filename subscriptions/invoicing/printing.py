"""From the frozen row to what is printed, in the document's own language, whoever asks and whenever."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, cast

from babel.numbers import format_decimal
from django.utils import translation
from django.utils.translation import gettext as _

from portal.templatetags.frame import babel_locale, day_in_words, money, percentage
from subscriptions.invoicing.contents import (
    Brand,
    Buyer,
    CardMovement,
    DocumentContents,
    DocumentLine,
    Place,
    Seller,
    Vehicle,
)
from subscriptions.models import Document
from subscriptions.terms import term_name

CARD_BRANDS = {"visa": "Visa", "mastercard": "Mastercard"}


def contents_of(document: Document) -> DocumentContents:
    """Everything that stands on the document; only the brand's look is taken as it is today."""
    before = document.corrects or document.replaces
    with translation.override(document.language):
        return DocumentContents(
            kind=cast(Literal["invoice", "credit_note"], document.kind),
            number=document.number,
            issued_on=document.issued_on,
            language=cast(Literal["en", "el"], document.language),
            brand=_brand(document),
            seller=_seller(document.seller),
            buyer=_buyer(document.buyer),
            vehicle=Vehicle(**document.vehicle),
            lines=(_line(document),),
            vat_rate=document.vat_rate,
            net=document.net,
            vat=document.vat,
            gross=document.gross,
            currency=document.currency,
            vat_category=document.vat_category,
            vat_reason=document.vat_reason,
            card=None if _moves_nothing(document) else _card(document.card, document.payment_facts),
            notes=(*_notes(document.card, document.payment_facts), *correction_sentences(document)),
            corrects_number=before.number if before else "",
            corrects_issued_on=before.issued_on if before else None,
            calculation=tuple(_calculation(document)),
        )


def _brand(document: Document) -> Brand:
    brand = document.subscription.market.brand
    return Brand(wordmark=brand.name, accent=brand.accent_light)


def _seller(seller: dict[str, Any]) -> Seller:
    return Seller(
        name=seller["name"],
        address_lines=tuple(seller["address_lines"]),
        place=Place(country=seller["country"], lines=tuple(seller["address_lines"])),
        vat_number=seller["vat_number"],
        registration=seller["registration"],
        # A document from before channels were kept on it has the seller's own address.
        contact_lines=tuple(seller.get("contact") or [seller["email"]]),
    )


def _buyer(buyer: dict[str, Any]) -> Buyer:
    return Buyer(
        name=buyer["name"],
        address_lines=(*buyer["address_lines"], buyer["email"]),
        place=Place(
            country=buyer["country"],
            lines=tuple(buyer.get("street_lines", ())),
            postcode=buyer.get("postcode", ""),
            town=buyer.get("town", ""),
        ),
        vat_number=buyer.get("vat_number", ""),
        reference=buyer["reference"],
    )


def _line(document: Document) -> DocumentLine:
    line = document.lines[0]
    return DocumentLine(
        description=f"{line['package']}, {term_name(line['term'])}",
        period_from=date.fromisoformat(line["from"]),
        # Printed inclusively: the last day with service.
        period_to=date.fromisoformat(line["to"]) - timedelta(days=1),
        gross=document.gross,
        net=document.net,
        vat=document.vat,
    )


def _card(card: dict[str, Any], facts: dict[str, Any]) -> CardMovement | None:
    if "transfer" in facts:
        return None
    return CardMovement(
        brand=CARD_BRANDS.get(card["brand"], card["brand"].title()),
        last4=card["last4"],
        on=date.fromisoformat(facts.get("expected_on") or facts["on"]),
    )


def _notes(card: dict[str, Any], facts: dict[str, Any]) -> tuple[str, ...]:
    """Where no card moved the money, the transfer that did (X6)."""
    if "transfer" not in facts:
        return ()
    values = {
        "last4": card["last4"],
        "reference": facts["transfer"],
        "day": day_in_words(date.fromisoformat(facts["expected_on"])),
    }
    return (
        _(
            "Refunded by bank transfer, reference %(reference)s, because the card ending in %(last4)s did not take it; "
            "expected by %(day)s."
        )
        % values,
    )


def _moves_nothing(document: Document) -> bool:
    return document.is_credit_note and document.is_correction


def correction_sentences(document: Document) -> list[str]:
    """What a document that mends a name or an address says of itself (I4): no money has moved."""
    if document.corrects and document.is_correction:
        mended = _(
            "This credit note mends a wrong name or address on the invoice %(number)s. No money moves: a new invoice "
            "takes its place."
        )
        return [mended % {"number": document.corrects.number}]
    if document.replaces:
        in_place = _(
            "This invoice takes the place of the invoice %(number)s, where name or address were wrong. No money has "
            "moved: the amount was paid before."
        )
        return [in_place % {"number": document.replaces.number}]
    return []


def calculation(document: Document) -> list[str]:
    """How the amounts came about, in sentences: the same on paper and on the page."""
    return [*correction_sentences(document), *_calculation(document)]


def _calculation(document: Document) -> list[str]:
    if document.vat_rate == 0:
        return _refund_sentences(document.payment_facts, currency=document.currency)
    split = _("The price includes VAT of %(rate)s: net is the total divided by %(divisor)s, rounded to the cent.") % {
        "rate": percentage(document.vat_rate),
        "divisor": format_decimal(1 + document.vat_rate / 100, "0.####", locale=babel_locale()),
    }
    return [*_refund_sentences(document.payment_facts, currency=document.currency), split]


def _refund_sentences(facts: dict[str, Any], *, currency: str) -> list[str]:
    match facts.get("basis"):
        case "pro_rata":
            used = _("Of %(months)s months paid, %(used)s were used and %(left)s are paid back:")
            figures = {
                "months": facts["term_months"],
                "used": facts["months_used"],
                "left": facts["months_left"],
            }
            paid = money(Decimal(facts["paid"]), currency)
            return [f"{used % figures} {paid} × {facts['months_left']} / {facts['term_months']}."]
        case "dispute":
            return [_("Your bank took this payment back.")]
        case "unpaid" | "withdrawal":
            return [_("The whole amount is paid back.")]
    return []
