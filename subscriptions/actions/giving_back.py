"""What staff give back of a charge: a wrong one in whole or part, a free month that was missed (K3).

By one of finance up to the market's limit; above it proposed by one and confirmed by another, like a bank transfer.
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal import audit
from portal.refusals import Refusal
from subscriptions.actions.conclude import use_trial
from subscriptions.actions.entitle import packages_tried
from subscriptions.actions.refund import promise_refund
from subscriptions.actions.work import close_solved, open_work_items
from subscriptions.ledger.finding import Finding
from subscriptions.models import GivingBack, Payment, Subscription
from subscriptions.models.work import REFUND_PROPOSED
from subscriptions.notices.telling import tell_about
from subscriptions.rules.giving_back import PROPOSAL_DAYS, Kind, missed_month, needs_two, within_what_was_paid
from subscriptions.rules.lifecycle import PaymentStatus

GONE = _("This proposal has been confirmed, dropped, or was left for too long.")


def give_back(
    *, payment: Payment, kind: Kind, amount: Decimal, told: str, reason: str, now: datetime, by: Account
) -> GivingBack:
    """Refunds at once, or proposes where two persons are needed. `told` is mailed to the customer, `reason` is not.

    Raises `Refusal`: not_paid, payment_disputed, more_than_paid, proposal_waits, own_account, month_not_missed.
    """
    with transaction.atomic():
        payment = _lock(payment)
        _drop_if_expired(payment, now=now)
        check_givable(payment, kind=kind, amount=amount, by=by)
        if payment.given_back.waiting().exists():
            raise Refusal("proposal_waits", _("A refund of this payment has been proposed already."))
        given = GivingBack.objects.create(
            payment=payment,
            kind=kind,
            amount=amount,
            told=told,
            needs_two=is_for_two(payment, amount),
            proposed_by=by,
            proposed_at=now,
        )
        _record("refund by staff proposed" if given.needs_two else "refund by staff", given, reason, now=now, by=by)
        if given.needs_two:
            _put_on_work_list(given, now=now)
        else:
            _pay(given, payment, now=now)
        return given


def confirm_giving_back(*, given: GivingBack, reason: str, now: datetime, by: Account) -> GivingBack:
    """The second person. Raises `Refusal`: not_proposed, same_person, and what `give_back` does."""
    with transaction.atomic():
        payment, given = _lock_both(given)
        check_confirmable(given, now=now, by=by)
        check_givable(payment, kind=Kind(given.kind), amount=given.amount, by=by)
        given.confirmed_by = by
        _record("refund by staff confirmed", given, reason, now=now, by=by)
        _pay(given, payment, now=now)
        return given


def drop_giving_back(*, given: GivingBack, reason: str, now: datetime, by: Account) -> GivingBack:
    """Takes a proposal back, whoever made it. Raises `Refusal` not_proposed."""
    with transaction.atomic():
        _payment, given = _lock_both(given)
        if given.refund_id or given.dropped_at:
            raise Refusal("not_proposed", GONE)
        _drop(given, now=now)
        _record("refund by staff dropped", given, reason, now=now, by=by)
        return given


def drop_expired(*, now: datetime) -> int:
    """Nightly: proposals that nobody has confirmed leave the work list; how many did."""
    dropped = 0
    for payment in Payment.objects.filter(given_back__in=GivingBack.objects.waiting()):
        with transaction.atomic():
            dropped += _drop_if_expired(_lock(payment), now=now)
    return dropped


def waiting_for(payment: Payment, *, now: datetime) -> GivingBack | None:
    given = payment.given_back.waiting().select_related("proposed_by").first()
    return given if given and given.is_waiting(now) else None


def is_for_two(payment: Payment, amount: Decimal) -> bool:
    before = payment.given_back.filter(refund__isnull=False).aggregate(sum=Sum("amount"))["sum"]
    limit = payment.subscription.market.refund_alone_up_to
    return needs_two(amount=amount, given_before=before or Decimal(0), alone_up_to=limit)


def check_givable(payment: Payment, *, kind: Kind, amount: Decimal, by: Account) -> None:
    """Raises `Refusal`: not_paid, own_account, payment_disputed (P10), month_not_missed (S3), more_than_paid."""
    if payment.status != PaymentStatus.SUCCEEDED:
        raise Refusal("not_paid", _("Only a payment that succeeded can be refunded."))
    if payment.account_id == by.pk:
        raise Refusal("own_account", _("Nobody refunds a charge of their own account."))
    if payment.is_disputed:
        raise Refusal("payment_disputed", _("The customer’s bank is looking into this payment: its refunds wait."))
    if kind is Kind.MISSED_MONTH and not has_missed_month(payment):
        raise Refusal("month_not_missed", _("The account had its free month of this package, or none was due."))
    if not within_what_was_paid(amount=amount, paid=payment.amount, refunded=payment.refunded):
        raise Refusal("more_than_paid", _("That is more than what is left of this payment."))


def check_confirmable(given: GivingBack, *, now: datetime, by: Account) -> None:
    """Raises `Refusal`: not_proposed, same_person."""
    if not given.is_waiting(now):
        raise Refusal("not_proposed", GONE)
    if given.proposed_by_id == by.pk:
        raise Refusal("same_person", _("You proposed this refund yourself. Somebody else has to confirm it."))


def has_missed_month(payment: Payment) -> bool:
    """S3: the first charge of a contract without a free month, by an account that has not had the package's."""
    subscription = payment.subscription
    is_first = payment.period_index == 0 and subscription.trial_months == 0 and subscription.package.gives_trial
    return is_first and subscription.package_id not in packages_tried(subscription.account)


def month_of(payment: Payment) -> Decimal:
    return missed_month(paid=payment.amount, term_months=payment.subscription.term_months)


# Within the caller's transaction and locks


def _lock(payment: Payment) -> Payment:
    """Account, subscription, payment: as in every end, which reckons with what was refunded."""
    Account.objects.select_for_update(of=["self"], no_key=True).get(pk=payment.account_id)
    subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=payment.subscription_id)
    payment = Payment.objects.select_for_update(of=["self"], no_key=True).get(pk=payment.pk)
    payment.subscription = subscription
    return payment


def _lock_both(given: GivingBack) -> tuple[Payment, GivingBack]:
    payment = _lock(given.payment)
    given = GivingBack.objects.select_for_update(of=["self"], no_key=True).get(pk=given.pk)
    given.payment = payment
    return payment, given


def _drop_if_expired(payment: Payment, *, now: datetime) -> int:
    expired = [given for given in payment.given_back.waiting() if not given.is_waiting(now)]
    for given in expired:
        _drop(given, now=now)
        _record("refund by staff dropped", given, "not confirmed in time", now=now, by=None)
    return len(expired)


def _drop(given: GivingBack, *, now: datetime) -> None:
    given.dropped_at = now
    given.save(update_fields=["dropped_at"])
    close_solved(kind=REFUND_PROPOSED, subject=str(given.payment.public_id), now=now)


def _pay(given: GivingBack, payment: Payment, *, now: datetime) -> None:
    subscription = payment.subscription
    if given.kind == Kind.MISSED_MONTH:
        use_trial(subscription, now=now)
    given.refund = promise_refund(payment=payment, amount=given.amount, basis=given.kind, now=now)
    given.save(update_fields=["refund", "confirmed_by"])
    if payment.period_index == subscription.periods_paid - 1:
        subscription.given_back += given.amount
        subscription.save(update_fields=["given_back"])
    close_solved(kind=REFUND_PROPOSED, subject=str(payment.public_id), now=now)
    tell_about(
        subscription,
        "refund_by_staff",
        event_on=subscription.market.local_date(now),
        occasion=f":{given.pk}",
        now=now,
        amount=given.amount,
        card_last4=payment.card.last4,
        expected_on=given.refund.expected_on,
        is_free_month=given.kind == Kind.MISSED_MONTH,
        told=given.told,
    )


def _put_on_work_list(given: GivingBack, *, now: datetime) -> None:
    payment = given.payment
    text = f"{given.amount} {payment.currency}, proposed by {given.proposed_by}, good for {PROPOSAL_DAYS} days"
    open_work_items([Finding(check=REFUND_PROPOSED, subject=str(payment.public_id), text=text)], now=now)


def _record(what: str, given: GivingBack, reason: str, *, now: datetime, by: Account | None) -> None:
    payment = given.payment
    audit.record(
        what,
        account=payment.account,
        by=by,
        now=now,
        subject=payment.subscription,
        package=payment.subscription.package.code,
        kind=given.kind,
        amount=given.amount,
        told=given.told,
        reason=reason,
    )
