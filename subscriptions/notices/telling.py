"""What a subscription's notices say: the facts that their templates need, and the one place that names their kinds."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils import translation

from accounts.models import Account
from accounts.notices.kinds import tell, tell_all, worded
from portal.models import AuditRecord
from portal.texts import localized
from subscriptions.models import ContractAmendment, Document, PaymentCard, PlannedChange, PriceOffer, Subscription
from subscriptions.papers.copies import enqueue_copies
from subscriptions.rules.lifecycle import EndReason
from subscriptions.words.naming import car_of

# Ends with car, control or account: there is nothing left for which it could be ordered again.
LEFT = {EndReason.VEHICLE_REMOVED, EndReason.CONTROL_LOST, EndReason.ACCOUNT_CLOSED}


def path_for(account: Account, url_name: str, *arguments: object) -> str:
    """A path of this site in the account's language: notices are written by jobs, which have none of their own."""
    return _path_in(account.language, url_name, *arguments)


@lru_cache(maxsize=1_000)
def _path_in(language: str, url_name: str, *arguments: object) -> str:
    with translation.override(language):
        return reverse(url_name, args=arguments)


def tell_about(
    subscription: Subscription,
    kind: str,
    *,
    event_on: date,
    now: datetime,
    occasion: str = "",
    page: str = "subscription",
    path: str = "",
    **facts: Any,
) -> bool:
    """Tells the account once per kind, subscription, date and occasion; False if it has been told before.

    `page` names the subscription's page to which the notice leads; `path` stands in for it where it leads elsewhere.
    """
    about = facts_about(subscription, kind, event_on=event_on, occasion=occasion, page=page, path=path, **facts)
    return tell(now=now, **about)


def facts_about(
    subscription: Subscription,
    kind: str,
    *,
    event_on: date,
    occasion: str = "",
    page: str = "subscription",
    path: str = "",
    **facts: Any,
) -> dict[str, Any]:
    """What `tell` and `worded` want, but for the moment."""
    return {
        "account": subscription.account,
        "kind": kind,
        "subject_key": f"{subscription.public_id}{occasion}",
        "event_on": event_on,
        "package": subscription.package.code,
        "package_name": localized(subscription.package.names, subscription.account.language),
        "vehicle_label": car_of(subscription),
        "currency": subscription.currency,
        "url": path or path_for(subscription.account, page, subscription.public_id),
        **{name: _plain(value) for name, value in facts.items()},
    }


def tell_document(document: Document, *, now: datetime) -> bool:
    """The mail that carries an invoice or a credit note (I1), and the copies of it (I5)."""
    if document.is_correction:
        return _tell_correction(document, now=now)
    enqueue_copies([document], now=now)
    return tell(now=now, **_about_document(document))


def tell_documents(documents: Sequence[Document], *, now: datetime) -> list[AuditRecord]:
    """The same for many that have just been issued; their audit records are the caller's to save."""
    enqueue_copies(documents, now=now)
    return tell_all([worded(now=now, **_about_document(document)) for document in documents], now=now)


def _about_document(document: Document) -> dict[str, Any]:
    line = document.lines[0]
    return {
        "account": document.account,
        "kind": "credit_note_issued" if document.is_credit_note else "invoice_issued",
        "subject_key": document.number,
        "event_on": document.issued_on,
        "package": document.subscription.package.code,
        "package_name": localized(document.subscription.package.names, document.language),
        "document": str(document.public_id),
        "document_number": document.number,
        "invoice_number": document.credited_number,
        "gross": str(document.gross),
        "currency": document.currency,
        "period_from": line["from"],
        "period_to": line["to"],
        "card_last4": document.card.get("last4", ""),
        "expected_on": document.payment_facts.get("expected_on", ""),
        "transfer": document.payment_facts.get("transfer", ""),
        "url": path_for(document.account, "documents"),
    }


def told_as(document: Document) -> str:
    """By which number its mail is known: the two documents of a correction go out in one (I4)."""
    return _pair_of(document)[1].number if document.is_correction else document.number


def _tell_correction(document: Document, *, now: datetime) -> bool:
    """One mail with both documents, whichever of them is asked for."""
    note, invoice = _pair_of(document)
    enqueue_copies([note, invoice], now=now)
    return tell(
        account=invoice.account,
        kind="document_corrected",
        subject_key=invoice.number,
        event_on=invoice.issued_on,
        now=now,
        package_name=invoice.lines[0]["package"],
        document=str(invoice.public_id),
        document_number=invoice.number,
        note=str(note.public_id),
        note_number=note.number,
        invoice_number=note.corrects.number if note.corrects else "",
        url=path_for(invoice.account, "documents"),
    )


def _pair_of(document: Document) -> tuple[Document, Document]:
    """The credit note without a refund, and the invoice that takes the place of the one it credits."""
    wrong = document.corrects or document.replaces
    if wrong is None:
        raise ValueError(f"{document} corrects nothing")
    return wrong.credit_notes.get(refund__isnull=True), wrong.replaced_by


def tell_failure(
    subscription: Subscription, payment_facts: dict[str, Any], *, now: datetime, on: date, occasion: str = ""
) -> bool:
    """`payment_failed`, or `authentication_needed` where the bank waits for the customer (P2, P8)."""
    is_waiting = payment_facts["reason"] == "needs_authentication"
    return tell_about(
        subscription,
        "authentication_needed" if is_waiting else "payment_failed",
        event_on=on,
        occasion=occasion,
        now=now,
        amount=subscription.next_price,
        **payment_facts,
    )


def tell_end(subscription: Subscription, *, refund: Any, on: date, now: datetime) -> bool:
    """An end that was set: a cancellation's confirmation, or why it follows from something else (S12, X7).

    Each cancelling is confirmed, also the second one of a day on which the first was taken back.
    """
    reason = "" if subscription.end_reason == EndReason.CANCELLED else subscription.end_reason
    if reason and subscription.ends_on == on:
        left: dict[str, Any] = {"has_left": True} if reason in LEFT else {}
        return tell_about(subscription, "subscription_ended", event_on=on, now=now, ended_on=on, reason=reason, **left)
    why = {"reason": reason} if reason else {}
    return tell_about(
        subscription,
        "cancellation_confirmed",
        event_on=on,
        occasion=f":{now:%H%M%S%f}",
        now=now,
        ends_on=subscription.ends_on,
        refund=refund,
        **why,
    )


def tell_withdrawn(subscription: Subscription, *, refund: Any, now: datetime) -> bool:
    """The receipt of a withdrawal, with its date and time (X9)."""
    return tell_about(
        subscription,
        "withdrawal_receipt",
        event_on=subscription.market.local_date(now),
        now=now,
        contract_number=subscription.contract.number,
        received_at=now.astimezone(subscription.market.zone),
        refund=refund,
    )


def tell_withdrawal_answered(subscription: Subscription, *, statement: str, answer: str, now: datetime) -> bool:
    """Why a statement of withdrawal changed nothing, and what is still possible (X9); each statement is answered."""
    may_cancel = subscription.may_be_cancelled
    return tell_about(
        subscription,
        "withdrawal_answered",
        event_on=subscription.market.local_date(now),
        occasion=f":{statement}",
        page="cancellation" if may_cancel else "subscription",
        now=now,
        contract_number=subscription.contract.number,
        received_at=now.astimezone(subscription.market.zone),
        answer=answer,
        may_cancel=may_cancel,
    )


def tell_price(subscription: Subscription, offer: PriceOffer, *, now: datetime, occasion: str = "") -> bool:
    """S10: a new price, and what happens without an answer; `occasion` sets a reminder apart from the offer."""
    return tell(now=now, **price_facts(subscription, offer, occasion=occasion))


def price_facts(subscription: Subscription, offer: PriceOffer, *, occasion: str = "") -> dict[str, Any]:
    return facts_about(
        subscription,
        "price_change",
        event_on=offer.charge_on,
        occasion=occasion,
        page="new_price",
        term=subscription.term,
        old_price=offer.old_price,
        price=offer.price,
        charge_on=offer.charge_on,
    )


def tell_price_accepted(subscription: Subscription, amendment: ContractAmendment, *, now: datetime) -> bool:
    """The confirmation of an amendment, with the words that were agreed to."""
    return tell_about(
        subscription,
        "price_accepted",
        event_on=amendment.first_charge_on,
        page="contract",
        now=now,
        old_price=amendment.offer.old_price,
        price=amendment.price,
        charge_on=amendment.first_charge_on,
        accepted_at=amendment.accepted_at.astimezone(subscription.market.zone),
        order_text=amendment.order_text,
        terms_version=amendment.terms_version.version,
        contract_number=subscription.contract.number,
    )


def tell_discontinued(subscription: Subscription, *, ends_on: date, refund: Decimal, now: datetime) -> bool:
    """S10: the package ends on that day, and what is paid back then if nothing changes."""
    return tell_about(subscription, "package_discontinued", event_on=ends_on, now=now, ends_on=ends_on, refund=refund)


def tell_stopped(subscription: Subscription, *, now: datetime, **facts: Any) -> bool:
    """An end that came by itself: nobody asked for it on that day."""
    ended_on = subscription.ends_on
    if ended_on is None:
        raise ValueError("what has ended has its date")
    reason = subscription.end_reason
    return tell_about(
        subscription, "subscription_ended", event_on=ended_on, now=now, ended_on=ended_on, reason=reason, **facts
    )


def tell_term_can_begin(planned: PlannedChange, *, path: str, now: datetime) -> bool:
    """S8: the day that was planned for has come; `path` is the order's, with the term chosen."""
    subscription, plan = planned.subscription, planned.plan
    kind, on = "term_change_ready", planned.begins_on
    return tell_about(subscription, kind, event_on=on, now=now, path=path, term=plan.term, price=plan.price)


def tell_card(card: PaymentCard, kind: str, *, now: datetime, occasion: str = "") -> bool:
    """W6: the primary card expires, or has expired; once for each card, expiry and occasion."""
    return tell(
        account=card.account,
        kind=kind,
        subject_key=f"{card.public_id}{occasion}",
        event_on=card.expires_on,
        now=now,
        card=card.public_id.hex,
        card_last4=card.last4,
        expires_on=card.expires_on,
        url=path_for(card.account, "wallet"),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list | int | str) or value is None:
        return "" if value is None else value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
