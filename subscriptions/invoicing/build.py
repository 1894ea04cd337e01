"""Issuing a document: everything on it is copied from what is true on the day, inside the settling transaction (I3)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import translation

from accounts.models import BillingProfile
from portal.models import LegalEntity
from portal.money import split_gross
from portal.texts import localized
from subscriptions.invoicing.numbering import next_numbers, printed_number
from subscriptions.models import Document, Payment, PaymentCard, Refund, Subscription
from subscriptions.models.document import DocumentKind


def issue_invoices(payments: Sequence[Payment], *, now: datetime) -> list[Document]:
    """The invoices of successful charges, in their order, each with its subscription, account and card at hand."""
    profiles = BillingProfile.objects.filter(account__in={payment.account_id for payment in payments})
    buyers = {profile.account_id: profile for profile in profiles}
    return _issue(
        [
            _document(
                DocumentKind.INVOICE,
                payment=payment,
                gross=payment.amount,
                now=now,
                copied=_copied(payment, profile=buyers.get(payment.account_id), language=payment.account.language),
            )
            for payment in payments
        ]
    )


def issue_credit_note(refund: Refund, *, now: datetime) -> Document:
    """The credit note of a refund that the provider has accepted; it names the invoice that it corrects."""
    invoice = Document.objects.get(payment=refund.payment, kind=DocumentKind.INVOICE)
    note = _document(
        DocumentKind.CREDIT_NOTE,
        payment=refund.payment,
        gross=refund.amount,
        now=now,
        copied=_copied_from(invoice),
        refund=refund,
        corrects=invoice,
    )
    [issued] = _issue([note])
    return issued


def _issue(documents: Sequence[Document]) -> list[Document]:
    """Numbers them in their order and saves them. From here to the commit, others of these series wait."""
    by_series = defaultdict(list)
    for document in documents:
        by_series[document.legal_entity, DocumentKind(document.kind), document.year].append(document)
    for (entity, kind, year), series in by_series.items():
        numbers = next_numbers(legal_entity=entity, kind=kind, year=year, count=len(series))
        for document, sequence in zip(series, numbers, strict=True):
            document.sequence = sequence
            code = document.subscription.market.code
            document.number = printed_number(series_code=code, kind=kind, year=year, sequence=sequence)
    return Document.objects.bulk_create(documents)


def _document(
    kind: DocumentKind,
    *,
    payment: Payment,
    gross: Decimal,
    now: datetime,
    copied: dict[str, Any],
    refund: Refund | None = None,
    corrects: Document | None = None,
) -> Document:
    """Not numbered and not saved yet."""
    subscription = payment.subscription
    issued_on = subscription.market.local_date(now)
    # As agreed for the charge, which an amendment may have changed since the order (S10).
    vat_rate = subscription.agreed_for(payment.period_index).vat_rate
    split = split_gross(gross, vat_rate)
    return Document(
        kind=kind,
        legal_entity=subscription.market.legal_entity,
        year=issued_on.year,
        issued_on=issued_on,
        issued_at=now,
        account=payment.account,
        subscription=subscription,
        payment=payment,
        refund=refund,
        corrects=corrects,
        currency=payment.currency,
        vat_rate=vat_rate,
        net=split.net,
        vat=split.vat,
        gross=split.gross,
        payment_facts=_payment_facts(payment, refund=refund, now=now),
        **copied,
    )


def _copied(payment: Payment, *, profile: BillingProfile | None, language: str) -> dict[str, Any]:
    subscription = payment.subscription
    return {
        "language": language,
        "seller": _seller(subscription.market.legal_entity),
        "buyer": _buyer(payment, profile=profile, language=language),
        "vehicle": _vehicle(subscription),
        "lines": [_line(payment, language=language)],
    }


def _copied_from(invoice: Document) -> dict[str, Any]:
    """A credit note speaks of the same parties, car and period as the invoice that it corrects."""
    return {
        "language": invoice.language,
        "seller": invoice.seller,
        "buyer": invoice.buyer,
        "vehicle": invoice.vehicle,
        "lines": invoice.lines,
    }


def _seller(entity: LegalEntity) -> dict[str, Any]:
    return {
        "name": entity.name,
        "address_lines": entity.address_lines,
        "vat_number": entity.vat_number,
        "registration": entity.registration,
        "email": entity.email,
    }


def _buyer(payment: Payment, *, profile: BillingProfile | None, language: str) -> dict[str, Any]:
    """The billing profile of the day; where there is none yet, the name and e-mail of the account."""
    if profile is None:
        return {"name": payment.account.get_full_name(), "address_lines": [], "email": payment.account.email}
    with translation.override(language):
        return {"name": profile.name, "address_lines": profile.address_lines, "email": payment.account.email}


def _vehicle(subscription: Subscription) -> dict[str, Any]:
    vehicle = subscription.vehicle
    return {"model": vehicle.model, "vin": vehicle.vin, "plate": vehicle.plate}


def _line(payment: Payment, *, language: str) -> dict[str, Any]:
    subscription = payment.subscription
    return {
        "package": localized(subscription.package.names, language),
        "term": subscription.term,
        "from": payment.period_from.isoformat(),
        "to": payment.period_to.isoformat(),
    }


def _payment_facts(payment: Payment, *, refund: Refund | None, now: datetime) -> dict[str, Any]:
    facts: dict[str, Any] = card_facts(payment.card) | {"on": payment.subscription.market.local_date(now).isoformat()}
    if refund:
        facts |= {
            "expected_on": refund.expected_on.isoformat(),
            "basis": refund.basis,
            "months_used": refund.months_used,
            "months_left": refund.months_left,
            "paid": str(payment.amount),
            "term_months": payment.subscription.term_months,
        }
    if refund and refund.is_by_transfer:
        facts["transfer"] = refund.refund_ref
    return facts


def card_facts(card: PaymentCard) -> dict[str, str]:
    return {"brand": card.brand, "last4": card.last4}
