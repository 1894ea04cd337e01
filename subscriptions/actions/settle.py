"""Settling payments: the outcome of a charge is booked once, with its invoice, whoever learns it (P1 to P4).

One outcome or a hundred take the same path: those that follow each other and are charged are booked together.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import groupby

from django.db import transaction

from portal import audit
from portal.batches import all_or_each, save_all
from subscriptions.actions.conclude import conclude_order, tell_ordered
from subscriptions.actions.differing import has_other_sum, park
from subscriptions.actions.failing import book_decline, book_failure, book_unknown, payment_facts
from subscriptions.actions.locking import lock, lock_all
from subscriptions.actions.refund import promise_refund
from subscriptions.gateway.port import Charged, ChargeOutcome, Declined, NeedsAuthentication
from subscriptions.invoicing.build import issue_invoices
from subscriptions.models import Document, Payment, Subscription
from subscriptions.notices.telling import tell_documents
from subscriptions.rules.lifecycle import PaymentStatus, Status
from subscriptions.rules.refunds import NOTHING

# A payment's id, and what the provider said of it.
Answer = tuple[int, ChargeOutcome]


def settle(answers: Sequence[Answer], *, now: datetime) -> None:
    """Books outcomes in their order; a second call, from wherever, changes nothing.

    Of several, one that cannot be booked is logged and stops none of the others: its payment stays open and is asked
    about again. So does one whose customer is still to answer the bank (P8).
    """
    known = [answer for answer in answers if not is_with_customer(answer[1])]
    for is_charged, group in groupby(known, key=lambda answer: isinstance(answer[1], Charged)):
        if is_charged:
            all_or_each(partial(_book_charged, now=now), list(group))
        else:
            for answer in group:
                all_or_each(partial(_book_refused, now=now), [answer])


def is_with_customer(outcome: ChargeOutcome) -> bool:
    """The customer is on the provider's page; what comes of the charge is asked when they are back, or later."""
    return isinstance(outcome, NeedsAuthentication) and bool(outcome.url)


def mark_unknown(*, payment_id: int, now: datetime) -> None:
    """P4: no answer. Neither a failure nor a success: it is asked of the provider until known."""
    with transaction.atomic():
        book_unknown(lock(payment_id), now=now)


def mark_failed(*, payment_id: int, reason: str, now: datetime) -> None:
    """P7: the provider did nothing. No try is used; the same key is sent again in a later run."""
    with transaction.atomic():
        book_failure(lock(payment_id), reason=reason, now=now)


def _book_refused(answers: Sequence[Answer], *, now: datetime) -> None:
    [(payment_id, outcome)] = answers
    with transaction.atomic():
        payment = lock(payment_id)
        if payment.is_settled:
            return
        match outcome:
            case Declined(reason=reason, is_final=is_final):
                book_decline(payment, reason=reason, is_final=is_final, now=now)
            case NeedsAuthentication():
                book_decline(payment, reason="needs_authentication", is_final=False, now=now)


# Charged


def _book_charged(answers: Sequence[tuple[int, Charged]], *, now: datetime) -> None:
    outcomes = dict(answers)
    with transaction.atomic():
        unsettled = [payment for payment in lock_all(list(outcomes)) if not payment.is_settled]
        paid = [payment for payment in unsettled if _is_as_asked(payment, outcomes[payment.pk], now=now)]
        for payment in paid:
            payment.status, payment.reason = PaymentStatus.SUCCEEDED, ""
            payment.charge_ref, payment.settled_at = outcomes[payment.pk].charge_ref, now
        save_all(paid, ["status", "reason", "charge_ref", "settled_at"])
        orders = [payment.subscription for payment in paid if payment.subscription.is_pending]
        too_late = [payment for payment in paid if not payment.subscription.is_live]
        _extend([payment.subscription for payment in paid if payment.subscription.is_live])
        for subscription in orders:
            conclude_order(subscription, now=now)
        _invoice(paid, now=now)
        for subscription in orders:
            tell_ordered(subscription, now=now)
        for payment in too_late:
            # X11: what turns out charged after the end is refunded whole.
            promise_refund(payment=payment, amount=payment.amount, basis="unpaid", now=now)


def _is_as_asked(payment: Payment, outcome: Charged, *, now: datetime) -> bool:
    """Another sum than was asked for is not booked: the payment stays open, and staff are told (fault 47)."""
    if not has_other_sum(payment, outcome):
        return True
    park(payment, outcome, now=now)
    return False


def _extend(subscriptions: Sequence[Subscription]) -> None:
    """The paid period begins; the next charge date is counted from activation, not from today (P3, S5)."""
    for subscription in subscriptions:
        subscription.move_to(Status.PAID)
        subscription.periods_paid += 1
        subscription.given_back = NOTHING
        subscription.tries_used = 0
        subscription.unconfirmed_card = None
        if subscription.ends_on is None:
            subscription.next_charge_on = subscription.charge_date(subscription.periods_paid)
            subscription.next_try_on = subscription.next_charge_on
    save_all(
        subscriptions,
        ["status", "periods_paid", "given_back", "tries_used", "unconfirmed_card", "next_charge_on", "next_try_on"],
    )


def _invoice(payments: Sequence[Payment], *, now: datetime) -> None:
    """Each with its document, its notice, and its records in the order of the ledger."""
    documents = issue_invoices(payments, now=now)
    notices = tell_documents(documents, now=now)
    records = []
    for payment, document, notice in zip(payments, documents, notices, strict=True):
        records += [_charged(payment, now=now), _invoiced(document, payment, now=now), notice]
    audit.append(records)


def _charged(payment: Payment, *, now: datetime) -> audit.AuditRecord:
    return audit.unsaved(
        "charged",
        account=payment.account,
        by=None,
        now=now,
        subject=payment.subscription,
        **payment_facts(payment),
        amount=payment.amount,
        **{"from": payment.period_from, "to": payment.period_to},
    )


def _invoiced(invoice: Document, payment: Payment, *, now: datetime) -> audit.AuditRecord:
    return audit.unsaved(
        "invoice",
        account=payment.account,
        by=None,
        now=now,
        subject=payment.subscription,
        number=invoice.number,
        package=payment.subscription.package.code,
        gross=invoice.gross,
        net=invoice.net,
        vat=invoice.vat,
    )
