"""Cancelling, and taking it back: what the customer confirmed is what is executed (X1 to X4, X8, X10, X11)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal import audit
from portal.refusals import Refusal
from subscriptions.actions.end import end_now
from subscriptions.actions.refund import promise_refund
from subscriptions.models import PaymentCard, Subscription
from subscriptions.rules.cancellation import Quote, quote_cancellation
from subscriptions.rules.lifecycle import EndReason, PaymentStatus
from subscriptions.telling import tell_cancelled


def cancellation_quote(subscription: Subscription, *, now: datetime) -> Quote:
    """What cancelling at this moment would bring. Raises `Refusal` nothing_to_cancel."""
    if not subscription.may_be_cancelled:
        raise Refusal("nothing_to_cancel", _("There is nothing to cancel: this subscription has its end already."))
    return quote_cancellation(subscription.standing, today=subscription.market.local_date(now))


def cancel(
    *, subscription: Subscription, confirmed: Quote | None, now: datetime, by: Account, reason: str = ""
) -> Subscription:
    """Cancels as confirmed. `confirmed` is the quote that was shown; None where nobody was shown one (rehearsals).

    `reason` is what staff who cancel for the customer give for it (K3); a customer is asked for none.

    Raises `Refusal`: nothing_to_cancel, or quote_changed where what was shown no longer holds (X10).
    """
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.pk)
        quote = cancellation_quote(subscription, now=now)
        if confirmed is not None and confirmed != quote:
            raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))
        _set_end(subscription, quote, now=now)
        _record(subscription, quote, now=now, by=by, reason=reason)
        if quote.refund > 0:
            _promise(subscription, quote, now=now)
        today = subscription.market.local_date(now)
        if quote.ends_on <= today:
            end_now(subscription, now=now, by=by)
        tell_cancelled(subscription, refund=quote.refund, on=today, now=now)
        return subscription


def _set_end(subscription: Subscription, quote: Quote, *, now: datetime) -> None:
    subscription.cancelled_at = now
    subscription.ends_on = quote.ends_on
    subscription.end_reason = EndReason.CANCELLED
    subscription.next_charge_on = None
    subscription.next_try_on = None
    subscription.save(update_fields=["cancelled_at", "ends_on", "end_reason", "next_charge_on", "next_try_on"])


def _record(subscription: Subscription, quote: Quote, *, now: datetime, by: Account, reason: str) -> None:
    audit.record(
        "cancelled",
        account=subscription.account,
        by=by,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        ends_on=quote.ends_on,
        refund=quote.refund,
        **({"reason": reason} if reason else {}),
    )


def _promise(subscription: Subscription, quote: Quote, *, now: datetime) -> None:
    payment = subscription.payments.get(status=PaymentStatus.SUCCEEDED, period_index=subscription.periods_paid - 1)
    promise_refund(
        payment=payment,
        amount=quote.refund,
        basis=quote.basis,
        months_used=quote.months_used,
        months_left=quote.months_left,
        now=now,
    )


def may_undo(subscription: Subscription) -> bool:
    """X8: an end that was set without a refund can be taken back until it comes."""
    return subscription.is_ending and subscription.cancelled_at is not None and not _has_refund(subscription)


def undo_cancellation(*, subscription: Subscription, now: datetime, by: Account) -> Subscription:
    """Takes a scheduled end back; the charge dates stay those of the contract.

    Raises `Refusal`: nothing_to_undo, no_card where the last card has left the wallet meanwhile (W5).
    """
    with transaction.atomic():
        # Before the subscription, as in ordering: the wallet must keep its card until the end is taken back.
        account = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.account_id)
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.pk)
        today = subscription.market.local_date(now)
        if not may_undo(subscription) or subscription.ends_on is None or subscription.ends_on <= today:
            raise Refusal("nothing_to_undo", _("There is no cancellation that could be taken back."))
        if not PaymentCard.objects.in_wallet().filter(account=account, is_primary=True).exists():
            raise Refusal("no_card", _("Add a card first: the subscription will be charged to it."))
        subscription.cancelled_at = None
        subscription.ends_on = None
        subscription.end_reason = ""
        subscription.next_charge_on = subscription.charge_date(subscription.periods_paid)
        subscription.next_try_on = subscription.next_charge_on
        subscription.save(update_fields=["cancelled_at", "ends_on", "end_reason", "next_charge_on", "next_try_on"])
        audit.record(
            "cancel undone",
            account=subscription.account,
            by=by,
            now=now,
            subject=subscription,
            package=subscription.package.code,
        )
        return subscription


def _has_refund(subscription: Subscription) -> bool:
    return subscription.payments.filter(period_index=subscription.periods_paid - 1, refunded__gt=0).exists()
