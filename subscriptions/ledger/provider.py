"""Our payments against the provider's own list of charges. It only reads, on both sides."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from subscriptions.gateway.port import ChargeRecord, Gateway, Refunded
from subscriptions.ledger.finding import Finding
from subscriptions.models import Payment, Refund
from subscriptions.rules.lifecycle import OPEN_PAYMENTS, PaymentStatus, RefundChannel, RefundStatus

NOTHING = Decimal("0.00")
# Two machines, two clocks: the provider's list is read from earlier on than ours.
CLOCKS_DIFFER = timedelta(days=1)
AT_A_TIME = 1000


def compare_with_provider(*, gateway: Gateway, since: datetime, now: datetime) -> Iterator[Finding]:
    """What differs among charges made, and refunds paid, since that moment. Raises `ProviderDown`.

    What moved after `now`, when the comparison began, may be on one side only and is not judged. Keeps one number in
    memory for each charge of ours that the provider has.
    """
    seen: set[int] = set()
    for page in _pages(gateway, since=since - CLOCKS_DIFFER):
        ours = {payment.key: payment for payment in _with_refunds(Q(key__in=[each.key for each in page]), now=now)}
        # Charged by the system before this one, under a key of its own.
        taken_over = Q(taken_over__isnull=False, charge_ref__in=[each.charge_ref for each in page])
        theirs = {payment.charge_ref: payment for payment in _with_refunds(taken_over, now=now)}
        for record in page:
            payment = ours.get(record.key) or theirs.get(record.charge_ref)
            if payment is None:
                yield _finding("charge_unknown_to_us", record.charge_ref, f"{record.key}: {_sum(record)}")
                continue
            seen.add(payment.pk)
            yield from _differences(payment, record)
    yield from _unknown_to_provider(seen, since=since, now=now)
    yield from _refunds_of_older_charges(seen, gateway=gateway, since=since, now=now)


def _pages(gateway: Gateway, *, since: datetime) -> Iterator[list[ChargeRecord]]:
    after = ""
    while page := gateway.charges(since=since, after=after):
        yield page
        after = page[-1].charge_ref


def _with_refunds(those: Q, *, now: datetime) -> QuerySet[Payment]:
    """Payments with what went back for sure before `now`, and what may have gone back by now."""
    # What a bank took back by a dispute, or finance transferred, is no refund of the provider's (P10, X6).
    by_provider = ~Q(refunds__basis="dispute") & Q(refunds__channel=RefundChannel.CARD)
    paid = Q(refunds__status=RefundStatus.SUCCEEDED, refunds__settled_at__lte=now) & by_provider
    may_be_paid = Q(refunds__status__in=[RefundStatus.SUCCEEDED, RefundStatus.PROMISED]) & by_provider
    return Payment.objects.filter(those).annotate(
        paid_back=Coalesce(Sum("refunds__amount", filter=paid), NOTHING),
        at_most_back=Coalesce(Sum("refunds__amount", filter=may_be_paid), NOTHING),
    )


def _differences(payment: Payment, record: ChargeRecord) -> Iterator[Finding]:
    subject = str(payment.public_id)
    if (payment.amount, payment.currency) != (record.amount, record.currency):
        text = f"{payment.key}: {payment.amount} {payment.currency}; the provider took {_sum(record)}"
        yield _finding("charge_amount_differs", subject, text)
    if payment.status in OPEN_PAYMENTS:
        # On its way: the next run asks what became of it, and `check_ledger` names it after a day.
        return
    if payment.status != PaymentStatus.SUCCEEDED or payment.charge_ref != record.charge_ref:
        text = f"{payment.key}: {payment.status} by {payment.charge_ref or 'no charge'}; the provider took"
        yield _finding("charge_not_booked", subject, f"{text} {_sum(record)} by {record.charge_ref}")
        return
    if not payment.paid_back <= record.refunded <= payment.at_most_back:  # type: ignore[attr-defined]
        text = f"{payment.key}: refunded {payment.paid_back}; the provider paid {record.refunded} back"  # type: ignore[attr-defined]
        yield _finding("refunded_amount_differs", subject, text)


def _unknown_to_provider(seen: set[int], *, since: datetime, now: datetime) -> Iterator[Finding]:
    ours = Payment.objects.filter(status=PaymentStatus.SUCCEEDED, started_at__gte=since, settled_at__lte=now)
    # The moment of one that was taken over is only known by its day, and its charge not always.
    ours = ours.filter(taken_over__isnull=True)
    for payment in ours.order_by("pk").iterator(AT_A_TIME):
        if payment.pk not in seen:
            text = f"{payment.key}: {payment.amount} {payment.currency} by {payment.charge_ref}"
            yield _finding("charge_unknown_to_provider", str(payment.public_id), text)


def _refunds_of_older_charges(seen: set[int], *, gateway: Gateway, since: datetime, now: datetime) -> Iterator[Finding]:
    """A refund may come months after its charge, which is no longer in the list: the provider is asked by its key."""
    paid = Refund.objects.filter(status=RefundStatus.SUCCEEDED, channel=RefundChannel.CARD).exclude(basis="dispute")
    paid = paid.filter(settled_at__range=(since, now))
    for refund in paid.order_by("pk").iterator(AT_A_TIME):
        if refund.payment_id in seen:
            continue
        outcome = gateway.find_refund(key=refund.key)
        if not isinstance(outcome, Refunded) or outcome.amount != refund.amount:
            text = f"{refund.key}: {refund.amount} {refund.currency}; the provider says {outcome}"
            yield _finding("refund_unknown_to_provider", str(refund.public_id), text)


def _sum(record: ChargeRecord) -> str:
    return f"{record.amount} {record.currency}"


def _finding(check: str, subject: str, text: str) -> Finding:
    return Finding(check=check, subject=subject, text=text)
