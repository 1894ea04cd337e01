"""Issuing documents: everything on them is copied from what is true on the day, inside the settling transaction (I3).

Many can be issued at once: with payments whose subscription, market, account and card are at hand (`locking.lock_all`)
it takes the same few statements for one as for a thousand. The numbers come last, because from there to the commit
others of the series wait.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from accounts.closing import mail_address
from accounts.models import BillingProfile
from portal.batches import insert_all
from portal.models import LegalEntity, Market
from portal.money import split_gross
from portal.texts import localized
from subscriptions.invoicing.numbering import next_numbers, printed_number
from subscriptions.invoicing.sentences import sentences_of, transfer_sentence
from subscriptions.models import Document, Payment, PaymentCard, Refund, Subscription, TakenOver
from subscriptions.models.document import DocumentKind
from subscriptions.rules.retention import keep_until
from subscriptions.words.naming import plate_of
from subscriptions.words.terms import term_name

# The basis of a credit note that mends a name or an address (I4).
CORRECTION = "correction"


def issue_invoices(payments: Sequence[Payment], *, now: datetime) -> list[Document]:
    """The invoices of successful charges, in their order: one statement for each series, and one for the rows."""
    return _numbered([draft_invoice(payment, now=now) for payment in payments])


def issue_credit_note(refund: Refund, *, now: datetime) -> Document:
    """The credit note of a refund that the provider has accepted; it names the invoice that it corrects."""
    taken_over = TakenOver.objects.filter(payment=refund.payment_id).first()
    if taken_over:
        return _numbered([_draft_credit_of_old(refund, taken_over, now=now)])[0]
    invoice = current_invoices().select_related("legal_entity").get(payment=refund.payment_id)
    return _numbered([draft_credit_note(refund, invoice=invoice, now=now)])[0]


def issue_correction(invoice: Document, *, gross: Decimal, now: datetime) -> tuple[Document, Document]:
    """I4: the credit note over what is open of an invoice, and the invoice that takes its place, for today's buyer.

    Everything else but the seller's own address is as it was: no money moves.
    """
    payment, entity = invoice.payment, invoice.legal_entity
    facts: dict[str, Any] = {"payment": payment, "legal_entity": entity, "gross": gross, "now": now, **_vat(invoice)}
    note = _draft(
        DocumentKind.CREDIT_NOTE,
        corrects=invoice,
        payment_facts=invoice.payment_facts | {"basis": CORRECTION},
        **facts,
        **_copied_from(invoice),
    )
    renamed = {"buyer": buyer_of(payment), "seller": _printed_seller(entity, payment.subscription.market)}
    copied = _copied_from(invoice) | renamed
    replacement = _draft(DocumentKind.INVOICE, replaces=invoice, payment_facts=invoice.payment_facts, **facts, **copied)
    _numbered([note, replacement])
    return note, replacement


def current_invoices() -> QuerySet[Document]:
    """Of each payment the one that holds: the first, or the last that took its place (I4)."""
    return Document.objects.filter(kind=DocumentKind.INVOICE, replaced_by__isnull=True)


def draft_invoice(payment: Payment, *, now: datetime) -> Document:
    """Everything but its number."""
    subscription = payment.subscription
    return _draft(
        DocumentKind.INVOICE,
        payment=payment,
        legal_entity=subscription.market.legal_entity,
        gross=payment.amount,
        now=now,
        payment_facts=_payment_facts(payment, now=now),
        **_copied(payment),
        # The rate as agreed for the charge, which an amendment may have changed since the order (S10).
        **_vat(subscription) | {"vat_rate": subscription.agreed_for(payment.period_index).vat_rate},
    )


def draft_credit_note(refund: Refund, *, invoice: Document, now: datetime) -> Document:
    """Everything but its number: parties, car, period and VAT are those of the invoice, whoever sells by now."""
    payment = refund.payment
    copied = _copied(payment) | {"seller": invoice.seller} if invoice.is_blanked else _copied_from(invoice)
    facts = _payment_facts(payment, now=now) | _refund_facts(refund)
    if refund.is_by_transfer:
        copied["card"] = copied["card"] | {"note": transfer_sentence(copied, facts)}
    return _draft(
        DocumentKind.CREDIT_NOTE,
        payment=payment,
        legal_entity=invoice.legal_entity,
        gross=refund.amount,
        now=now,
        refund=refund,
        corrects=invoice,
        payment_facts=facts,
        **copied,
        **_vat(invoice),
    )


def _draft_credit_of_old(refund: Refund, taken_over: TakenOver, *, now: datetime) -> Document:
    """Of a period that was paid in the system before this one: the note names the invoice of that one, and is made out
    as an invoice of this payment would be today."""
    payment = refund.payment
    facts = _payment_facts(payment, now=now) | _refund_facts(refund)
    copied = _copied(payment)
    if refund.is_by_transfer:
        copied["card"] = copied["card"] | {"note": transfer_sentence(copied, facts)}
    return _draft(
        DocumentKind.CREDIT_NOTE,
        payment=payment,
        legal_entity=payment.subscription.market.legal_entity,
        gross=refund.amount,
        now=now,
        refund=refund,
        old_invoice=taken_over.invoice_number,
        payment_facts=facts | {"old_invoice_on": str(taken_over.invoice_on)},
        **copied,
        **_vat(payment.subscription),
    )


def _draft(kind: DocumentKind, *, payment: Payment, gross: Decimal, now: datetime, **columns: Any) -> Document:
    market = payment.subscription.market
    issued_on = market.local_date(now)
    split = split_gross(gross, columns["vat_rate"])
    draft = Document(
        kind=kind,
        year=issued_on.year,
        issued_on=issued_on,
        issued_at=now,
        account=payment.account,
        subscription=payment.subscription,
        payment=payment,
        currency=payment.currency,
        net=split.net,
        vat=split.vat,
        gross=split.gross,
        keep_until=keep_until(issued_on=issued_on, years=market.document_years),
        **columns,
    )
    draft.payment_facts = draft.payment_facts | sentences_of(draft)
    return draft


def _numbered(drafts: list[Document]) -> list[Document]:
    """Gives each its number and saves them. Series are taken in one order, so that no two wait for each other."""
    series: dict[tuple[int, str, int], list[Document]] = defaultdict(list)
    for draft in drafts:
        series[draft.legal_entity_id, draft.kind, draft.year].append(draft)
    for (_entity, kind, year), documents in sorted(series.items(), key=lambda each: each[0]):
        first = next_numbers(
            legal_entity=documents[0].legal_entity, kind=DocumentKind(kind), year=year, count=len(documents)
        )
        for sequence, document in enumerate(documents, start=first):
            _number(document, sequence)
    insert_all(drafts)
    return drafts


def _number(document: Document, sequence: int) -> None:
    document.sequence = sequence
    document.number = printed_number(
        series_code=document.legal_entity.series,
        kind=DocumentKind(document.kind),
        year=document.year,
        sequence=sequence,
    )


def _copied(payment: Payment) -> dict[str, Any]:
    subscription, language = payment.subscription, payment.account.language
    return {
        "language": language,
        "seller": _printed_seller(subscription.market.legal_entity, subscription.market),
        "buyer": buyer_of(payment),
        "vehicle": _vehicle(subscription),
        "card": card_facts(payment.card),
        "lines": [_line(payment, language=language)],
    }


def _copied_from(invoice: Document) -> dict[str, Any]:
    """A credit note speaks of the same parties, car, card and period as the invoice that it corrects."""
    return {name: getattr(invoice, name) for name in ("language", "seller", "buyer", "vehicle", "card", "lines")}


def _vat(source: Subscription | Document) -> dict[str, Any]:
    """The contract's, as it was agreed (S10)."""
    names = ("vat_rate", "vat_country", "vat_category", "vat_reason", "vat_evidence", "vat_review")
    return {name: getattr(source, name) for name in names}


def seller_of(entity: LegalEntity, market: Market) -> dict[str, Any]:
    """Who sells, with the channels of the market's customer centre as they are today (I3, H5)."""
    return {
        "name": entity.name,
        "address_lines": entity.address_lines,
        "country": entity.country,
        "vat_number": entity.vat_number,
        "registration": entity.registration,
        "email": entity.email,
        "contact": [market.contact[name] for name in ("telephone", "email") if market.contact.get(name)],
    }


def _printed_seller(entity: LegalEntity, market: Market) -> dict[str, Any]:
    """With the look of the brand, so that a file that is made again looks as it did."""
    return seller_of(entity, market) | {"wordmark": market.brand.name, "accent": market.brand.accent_light}


def buyer_of(payment: Payment) -> dict[str, Any]:
    """Who an invoice of this payment is made out to today: the billing profile of the day; where there is none yet, the
    name and e-mail of the account."""
    account, subscription = payment.account, payment.subscription
    profile: BillingProfile | None = getattr(account, "billing_profile", None)
    buyer = {"email": mail_address(account), "reference": subscription.car_reference}
    if profile is None:
        country = subscription.vat_country or subscription.market.code
        return buyer | {"name": account.get_full_name(), "address_lines": [], "country": country}
    with translation.override(account.language):
        return buyer | {
            "name": profile.name,
            "address_lines": profile.address_lines,
            "street_lines": [line for line in (profile.address_line_1, profile.address_line_2) if line],
            "postcode": profile.postcode,
            "town": profile.town,
            "country": profile.country,
            "vat_number": profile.vat_number,
        }


def _vehicle(subscription: Subscription) -> dict[str, Any]:
    """A charge of a car that was sold meanwhile is invoiced with the plate that its account knew (D4)."""
    vehicle = subscription.vehicle
    return {"model": vehicle.model, "vin": vehicle.vin, "plate": plate_of(subscription)}


def _line(payment: Payment, *, language: str) -> dict[str, Any]:
    subscription = payment.subscription
    package = localized(subscription.package.names, language)
    with translation.override(language):
        description = f"{package}, {term_name(subscription.term)}"
    return {
        "package": package,
        "term": subscription.term,
        "description": description,
        "from": payment.period_from.isoformat(),
        "to": payment.period_to.isoformat(),
    }


def _payment_facts(payment: Payment, *, now: datetime) -> dict[str, Any]:
    return {"on": payment.subscription.market.local_date(now).isoformat()}


def _refund_facts(refund: Refund) -> dict[str, Any]:
    by_transfer = {"transfer": refund.refund_ref} if refund.is_by_transfer else {}
    return by_transfer | {
        "expected_on": refund.expected_on.isoformat(),
        "basis": refund.basis,
        "months_used": refund.months_used,
        "months_left": refund.months_left,
        "paid": str(refund.payment.amount),
        "term_months": refund.payment.subscription.term_months,
    }


def card_facts(card: PaymentCard) -> dict[str, str]:
    return {"brand": card.brand, "last4": card.last4}
