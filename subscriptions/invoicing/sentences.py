"""What a document says in sentences: kept on the row in its own language when it is issued, so that it never reads
otherwise (I3, I4); the pages say the same in the reader's."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import format_decimal
from django.utils import translation
from django.utils.translation import gettext as _

from portal.templatetags.frame import babel_locale, day_in_words, money, percentage
from subscriptions.models import Document


def sentences_of(draft: Document) -> dict[str, list[str]]:
    """For the row of a document that is about to be issued: no personal part is among them."""
    with translation.override(draft.language):
        return {"calculation": _calculation(draft), "notes": correction_sentences(draft)}


def transfer_sentence(copied: dict[str, Any], facts: dict[str, Any]) -> str:
    """Where no card moved the money, the transfer that did (X6). It names the card, and so is kept with the card."""
    values = {"last4": copied["card"]["last4"], "reference": facts["transfer"]}
    with translation.override(copied["language"]):
        values["day"] = day_in_words(date.fromisoformat(facts["expected_on"]))
        return (
            _(
                "Refunded by bank transfer, reference %(reference)s, because the card ending in %(last4)s did not take "
                "it; expected by %(day)s."
            )
            % values
        )


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
    split = _split_sentence(document.vat_rate, babel_locale())
    return [*_refund_sentences(document.payment_facts, currency=document.currency), split]


@lru_cache
def _split_sentence(vat_rate: Decimal, locale: str) -> str:
    """In the active language, whose locale it is: a night of invoices says it with few rates."""
    return _("The price includes VAT of %(rate)s: net is the total divided by %(divisor)s, rounded to the cent.") % {
        "rate": percentage(vat_rate),
        "divisor": format_decimal(1 + vat_rate / 100, "0.####", locale=locale),
    }


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
        case "wrong_charge":
            return [_("Our customer centre gives back what was charged wrongly.")]
        case "missed_month":
            return [_("Our customer centre makes good the free month that was not given.")]
        case "dispute":
            return [_("Your bank took this payment back.")]
        case "unpaid" | "withdrawal":
            return [_("The whole amount is paid back.")]
    return []
