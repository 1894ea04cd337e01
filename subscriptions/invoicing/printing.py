"""From the frozen row to what is printed: nothing else is asked, whoever wants it and whenever (I4)."""

from datetime import date, timedelta
from typing import Any, Literal, cast

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

CARD_BRANDS = {"visa": "Visa", "mastercard": "Mastercard"}


def contents_of(document: Document) -> DocumentContents:
    """Everything that stands on the document, as it was when it was issued."""
    before = document.corrects or document.replaces
    return DocumentContents(
        kind=cast(Literal["invoice", "credit_note"], document.kind),
        number=document.number,
        issued_on=document.issued_on,
        language=cast(Literal["en", "el"], document.language),
        brand=Brand(wordmark=document.seller["wordmark"], accent=document.seller["accent"]),
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
        notes=tuple(_notes(document)),
        corrects_number=before.number if before else document.old_invoice,
        corrects_issued_on=before.issued_on if before else _old_invoice_on(document),
        calculation=tuple(document.payment_facts["calculation"]),
    )


def _old_invoice_on(document: Document) -> date | None:
    """Of an invoice of the system before this one, which a credit note of ours names."""
    return date.fromisoformat(document.payment_facts["old_invoice_on"]) if document.old_invoice else None


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
        description=line["description"],
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


def _notes(document: Document) -> list[str]:
    by_transfer = [document.card["note"]] if "note" in document.card else []
    return [*by_transfer, *document.payment_facts["notes"]]


def _moves_nothing(document: Document) -> bool:
    return document.is_credit_note and document.is_correction
