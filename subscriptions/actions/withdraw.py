"""Withdrawing from a contract within its fourteen days: services end at once, what was paid comes back (X5, X9)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal import audit
from portal.refusals import Refusal
from subscriptions.actions.end import add_on_ends, end_now, first_payments, has_used_right, lock_add_ons, use_right
from subscriptions.actions.refund import promise_refund
from subscriptions.models import Payment, Subscription, WithdrawalUse
from subscriptions.notices.telling import tell_withdrawn
from subscriptions.rules.lifecycle import CONCLUDED, EndReason, PaymentStatus
from subscriptions.rules.refunds import NOTHING
from subscriptions.rules.withdrawal import Barrier, WithdrawalQuote, quote_withdrawal

REFUSALS = {
    Barrier.OVER: _("The fourteen days in which you could withdraw are over. You can still cancel."),
    Barrier.USED: _("You have withdrawn from a contract with a refund before. You can still cancel."),
}
NO_CONTRACT = _("There is no running contract to withdraw from.")


def withdrawal_quote(subscription: Subscription, *, now: datetime) -> WithdrawalQuote:
    """With what becomes of the add-ons (S12). Raises `Refusal`: nothing_to_cancel, withdrawal_over, withdrawal_used."""
    if not _is_contract(subscription):
        raise Refusal("nothing_to_cancel", NO_CONTRACT)
    payment = _first_payment(subscription)
    quote = _own_quote(subscription, payment, is_used=has_used_right(subscription.account), now=now)
    if isinstance(quote, Barrier):
        raise Refusal(quote, REFUSALS[quote])
    return replace(quote, add_ons=add_on_ends(subscription, ends_on=quote.ends_on, now=now))


def withdrawable(subscriptions: Iterable[Subscription], account: Account, *, now: datetime) -> list[Subscription]:
    """Of the account's own those that `withdrawal_quote` does not refuse, in the order given. One query."""
    contracts = [row for row in subscriptions if _is_contract(row)]
    # Of what was not paid nothing comes back, so that no right is asked for.
    used = Exists(WithdrawalUse.objects.filter(account=account))
    firsts = {payment.subscription_id: payment for payment in first_payments(contracts).annotate(is_used=used)}
    quotes = [
        _own_quote(row, first := firsts.get(row.pk), is_used=bool(first and first.is_used), now=now)
        for row in contracts
    ]
    return [row for row, quote in zip(contracts, quotes, strict=True) if not isinstance(quote, Barrier)]


def _is_contract(subscription: Subscription) -> bool:
    return not subscription.is_complimentary and subscription.status in CONCLUDED


def _own_quote(
    subscription: Subscription, payment: Payment | None, *, is_used: bool, now: datetime
) -> WithdrawalQuote | Barrier:
    return quote_withdrawal(
        activated_on=subscription.activated_on,
        has_used_right=is_used,
        paid=payment.amount if payment else NOTHING,
        refunded=payment.refunded if payment else NOTHING,
        today=subscription.market.local_date(now),
    )


def withdraw(
    *, subscription: Subscription, confirmed: WithdrawalQuote | None, now: datetime, by: Account, reason: str = ""
) -> Subscription:
    """Withdraws as confirmed. `reason` is what staff who withdraw for the customer give for it (K3).

    Raises `Refusal` as `withdrawal_quote`, and quote_changed (X10).
    """
    with transaction.atomic():
        # The right is the account's: two contracts withdrawn from at once are counted one by one.
        Account.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.account_id)
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.pk)
        lock_add_ons(subscription, now=now)
        quote = withdrawal_quote(subscription, now=now)
        if confirmed is not None and confirmed != quote:
            raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))
        audit.record(
            "withdrawn",
            account=subscription.account,
            by=by,
            now=now,
            subject=subscription,
            package=subscription.package.code,
            refund=quote.refund,
            **({"reason": reason} if reason else {}),
        )
        if quote.refund > 0:
            _give_back(subscription, quote, now=now)
        subscription.ends_on = quote.ends_on
        subscription.end_reason = EndReason.WITHDRAWN
        tell_withdrawn(subscription, refund=quote.refund, now=now)
        end_now(subscription, now=now, by=by, add_ons=quote.add_ons)
        return subscription


def _give_back(subscription: Subscription, quote: WithdrawalQuote, *, now: datetime) -> None:
    payment = _first_payment(subscription)
    if payment is None:
        raise ValueError("a refund without a payment")
    promise_refund(payment=payment, amount=quote.refund, basis="withdrawal", now=now)
    use_right(subscription, now=now)


def _first_payment(subscription: Subscription) -> Payment | None:
    """Within fourteen days of activation no second period can have begun."""
    return subscription.payments.filter(status=PaymentStatus.SUCCEEDED, period_index=0).first()
