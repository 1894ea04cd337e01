"""A document as its owner reads of it: what it is for, how it was reckoned, where its money is. No query of its own."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from subscriptions.invoicing.printing import CARD_BRANDS
from subscriptions.invoicing.sentences import calculation
from subscriptions.models import Document
from subscriptions.words.refund_states import ShownRefund, shown_refund
from subscriptions.words.terms import term_name


@dataclass(frozen=True, kw_only=True)
class ShownDocument:
    row: Document
    kind: str
    # What was paid for, in the document's own words; the term in the reader's.
    package: str
    term: str
    period_from: date
    # The last day with service, as it is printed.
    period_to: date
    # Empty once it was blanked (I4).
    car: str
    card_brand: str
    card_last4: str
    paid_on: date
    refund: ShownRefund | None

    @property
    def calculation(self) -> list[str]:
        return calculation(self.row)


def shown_document(document: Document, *, today: date) -> ShownDocument:
    """`document` comes as `documents_of` gives it."""
    line, card = document.lines[0], document.card
    return ShownDocument(
        row=document,
        kind=_("Credit note") if document.is_credit_note else _("Invoice"),
        package=line["package"],
        term=term_name(line["term"]),
        period_from=date.fromisoformat(line["from"]),
        period_to=date.fromisoformat(line["to"]) - timedelta(days=1),
        car=f"{document.vehicle.get('model', '')} {document.vehicle.get('plate', '')}".strip(),
        card_brand=CARD_BRANDS.get(card.get("brand", ""), card.get("brand", "")),
        card_last4=card.get("last4", ""),
        paid_on=date.fromisoformat(document.payment_facts["on"]),
        refund=shown_refund(document.refund, today=today) if document.refund else None,
    )
