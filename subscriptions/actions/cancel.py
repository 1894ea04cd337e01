"""Cancelling, and taking it back: what the customer confirmed is what is executed (X1 to X4, X8, X10, X11)."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal import audit
from portal.refusals import Refusal
from subscriptions.actions.end import add_on_ends, end_as_quoted, lock_add_ons
from subscriptions.actions.entitle import check_base, has_base, lock_base
from subscriptions.models import PaymentCard, PlannedChange, Subscription
from subscriptions.rules.cancellation import Quote, quote_cancellation
from subscriptions.rules.lifecycle import EndReason


def cancellation_quote(subscription: Subscription, *, now: datetime) -> Quote:
    """What cancelling at this moment would bring, to its add-ons too (S12). Raises `Refusal` nothing_to_cancel."""
    if not subscription.may_be_cancelled:
        raise Refusal("nothing_to_cancel", _("There is nothing to cancel: this subscription has its end already."))
    quote = quote_cancellation(subscription.standing, today=subscription.market.local_date(now))
    return replace(quote, add_ons=add_on_ends(subscription, ends_on=quote.ends_on, now=now))


def cancel(
    *, subscription: Subscription, confirmed: Quote | None, now: datetime, by: Account, reason: str = ""
) -> Subscription:
    """Cancels as confirmed. `confirmed` is the quote that was shown; None where nobody was shown one (rehearsals).

    `reason` is what staff who cancel for the customer give for it (K3); a customer is asked for none.

    Raises `Refusal`: nothing_to_cancel, or quote_changed where what was shown no longer holds (X10).
    """
    with transaction.atomic():
        # Before the subscription: an add-on that ends at once may use up the account's right to withdraw.
        Account.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.account_id)
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.pk)
        lock_add_ons(subscription, now=now)
        quote = cancellation_quote(subscription, now=now)
        if confirmed is not None and confirmed != quote:
            raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))
        end_as_quoted(subscription, quote, reason=EndReason.CANCELLED, now=now, by=by, why=reason)
        return subscription


def may_undo(subscription: Subscription, *, now: datetime) -> bool:
    """X8: an end that was set without a refund can be taken back until it comes; an add-on's only after its base's."""
    account, vehicle, package = subscription.account, subscription.vehicle, subscription.package
    today = subscription.market.local_date(now)
    if not _has_end_to_undo(subscription) or not _is_in_time_to_undo(subscription, today):
        return False
    return has_base(account=account, vehicle=vehicle, package=package, today=today)


def undo_cancellation(*, subscription: Subscription, now: datetime, by: Account) -> Subscription:
    """Takes a scheduled end back; the charge dates stay those of the contract.

    Add-ons that were cancelled with their base stay so: each is taken back by itself, once the base goes on. Raises
    `Refusal`: nothing_to_undo, base_missing, no_card where the last card has left the wallet meanwhile (W5).
    """
    with transaction.atomic():
        # Before the subscription, as in ordering: the wallet must keep its card until the end is taken back.
        account = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.account_id)
        lock_base(account=account, vehicle=subscription.vehicle, package=subscription.package)
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.pk)
        today = subscription.market.local_date(now)
        if not _has_end_to_undo(subscription) or not _is_in_time_to_undo(subscription, today):
            raise Refusal("nothing_to_undo", _("There is no cancellation that could be taken back."))
        check_base(account=account, vehicle=subscription.vehicle, package=subscription.package, today=today)
        if not PaymentCard.objects.in_wallet().filter(account=account, is_primary=True).exists():
            raise Refusal("no_card", _("Add a card first: the subscription will be charged to it."))
        subscription.cancelled_at = None
        subscription.ends_on = None
        subscription.end_reason = ""
        subscription.next_charge_on = subscription.charge_date(subscription.periods_paid)
        subscription.next_try_on = subscription.next_charge_on
        subscription.save(update_fields=["cancelled_at", "ends_on", "end_reason", "next_charge_on", "next_try_on"])
        # It goes on, so nothing is to follow it (S8).
        PlannedChange.objects.waiting().filter(subscription=subscription).update(dropped_at=now)
        audit.record(
            "cancel undone",
            account=subscription.account,
            by=by,
            now=now,
            subject=subscription,
            package=subscription.package.code,
        )
        return subscription


def _has_end_to_undo(subscription: Subscription) -> bool:
    return subscription.is_ending and subscription.cancelled_at is not None and not _has_refund(subscription)


def _is_in_time_to_undo(subscription: Subscription, today: date) -> bool:
    """Past the charge date only goodwill keeps it on (K3): to go on it is ordered anew, nothing is charged late."""
    is_to_come = subscription.ends_on is not None and today < subscription.ends_on
    return is_to_come and today < subscription.charge_date(subscription.periods_paid)


def _has_refund(subscription: Subscription) -> bool:
    """By the end itself: what staff gave back (K3) stands in no customer's way."""
    paid = subscription.payments.filter(period_index=subscription.periods_paid - 1)
    return paid.filter(refunded__gt=subscription.given_back).exists()
