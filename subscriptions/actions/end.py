"""Ends: set or met, as quoted, with all that follows for the add-ons (S12, X7). Every end takes this one path.

Locks are taken in this order: account, vehicle, membership, subscription (a base before its add-ons), payment.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Account
from portal import audit
from subscriptions.actions.conclude import abandon_order
from subscriptions.actions.provision import ask_to_switch_off
from subscriptions.actions.refund import promise_refund
from subscriptions.models import Payment, Subscription, WithdrawalUse
from subscriptions.models.subscription import SubscriptionQuerySet
from subscriptions.notices.free_periods import tell_complimentary
from subscriptions.notices.telling import tell_end
from subscriptions.rules.cancellation import Basis, Consequence, Quote
from subscriptions.rules.leaving import Leaver, ends_with_base
from subscriptions.rules.lifecycle import EndReason, PaymentStatus, Status
from subscriptions.rules.refunds import NOTHING


def end_if_reached(*, subscription_id: int, now: datetime, by: Account | None = None) -> bool:
    """Ends a live subscription whose end date has come; True if this call ended it."""
    with transaction.atomic():
        Account.objects.select_for_update(of=["self"], no_key=True).get(subscriptions=subscription_id)
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription_id)
        today = subscription.market.local_date(now)
        if not subscription.is_live or subscription.ends_on is None or subscription.ends_on > today:
            return False
        end_now(subscription, now=now, by=by)
        if subscription.end_reason == EndReason.EXPIRED and not _is_followed(subscription):
            tell_complimentary(subscription, "complimentary_ended", now=now)
        return True


def end_as_quoted(
    subscription: Subscription, quote: Quote, *, reason: EndReason, now: datetime, by: Account | None, why: str = ""
) -> None:
    """Within the caller's transaction and locks: sets the end, promises the refund, ends what ends today.

    `why` is what staff give for it (K3). An order whose first charge is not known yet comes to nothing: what turns out
    charged is refunded whole.
    """
    today = subscription.market.local_date(now)
    if subscription.is_pending:
        abandon_order(subscription, reason=reason, now=now)
        return
    if subscription.ends_on == quote.ends_on and quote.ends_on > today:
        return
    was_cancelled = subscription.is_ending
    _set_end(subscription, quote, reason=reason, now=now)
    if not was_cancelled:
        _record_cancelled(subscription, quote, now=now, by=by, why=why)
    if quote.refund > 0:
        promise_as_quoted(subscription, quote, now=now)
    tell_end(subscription, refund=quote.refund, on=today, now=now)
    if quote.ends_on <= today:
        end_now(subscription, now=now, by=by, add_ons=quote.add_ons)
    else:
        _end_add_ons(subscription, quote.add_ons, now=now, by=by)


def end_now(
    subscription: Subscription, *, now: datetime, by: Account | None, add_ons: Iterable[Consequence] | None = None
) -> None:
    """Within the caller's transaction and lock: `ends_on` and `end_reason` are set already.

    Its add-ons end with it, as was confirmed in `add_ons`; None where nobody was asked (a job).
    """
    subscription.move_to(Status.ENDED)
    subscription.ended_at = now
    subscription.next_charge_on = None
    subscription.next_try_on = None
    subscription.save(update_fields=["status", "ended_at", "ends_on", "end_reason", "next_charge_on", "next_try_on"])
    audit.record(
        "ended",
        account=subscription.account,
        by=by,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        reason=subscription.end_reason,
    )
    is_followed = _is_followed(subscription)
    if not is_followed:
        ask_to_switch_off(subscription, now=now)
    if add_ons is None and not is_followed:
        today = subscription.market.local_date(now)
        has_any = lock_add_ons(subscription, now=now)
        add_ons = add_on_ends(subscription, ends_on=today, now=now) if has_any else ()
    _end_add_ons(subscription, add_ons or (), now=now, by=by)


def _is_followed(subscription: Subscription) -> bool:
    """A free period that a plan takes over which was ordered ahead: the package goes on, with what is added to it."""
    if not subscription.is_complimentary or subscription.end_reason != EndReason.EXPIRED:
        return False
    ahead = Subscription.objects.ordered_ahead().filter(account=subscription.account_id)
    return ahead.filter(vehicle=subscription.vehicle_id, package=subscription.package_id).exists()


# Add-ons


def lock_add_ons(base: Subscription, *, now: datetime) -> bool:
    """Before they are quoted for good: their own charges and cancellations wait meanwhile. False if there are none."""
    return bool(_add_ons(base, now=now).select_for_update(of=["self"], no_key=True))


def add_on_ends(base: Subscription, *, ends_on: date, now: datetime) -> tuple[Consequence, ...]:
    """S12: what becomes of each add-on if its base ends on that day, in the order of subscribing."""
    add_ons = leavers(_add_ons(base, now=now).with_agreements_inside())
    if not add_ons:
        return ()
    return ends_with_base(
        named(add_ons),
        base_ends_on=ends_on,
        has_used_right=has_used_right(base.account),
        today=base.market.local_date(now),
    )


def leavers(subscriptions: Iterable[Subscription]) -> list[tuple[Subscription, Leaver]]:
    """Each with what the rules of leaving need to know of it, in the order given. One query more."""
    rows = list(subscriptions)
    paid = {payment.subscription_id: (payment.amount, payment.refunded) for payment in first_payments(rows)}
    return [(row, _leaver(row, *paid.get(row.pk, (NOTHING, NOTHING)))) for row in rows]


def first_payments(subscriptions: Iterable[Subscription]) -> QuerySet[Payment]:
    """Of each what was paid for its first period, if anything."""
    return Payment.objects.filter(subscription__in=list(subscriptions), status=PaymentStatus.SUCCEEDED, period_index=0)


def named(rows: Iterable[tuple[Subscription, Leaver]]) -> list[tuple[str, Leaver]]:
    """By the public id, as consequences name them."""
    return [(row.public_id.hex, leaver) for row, leaver in rows]


def _leaver(subscription: Subscription, paid: Decimal, refunded: Decimal) -> Leaver:
    return Leaver(standing=subscription.standing, ends_on=subscription.ends_on, paid=paid, refunded=refunded)


def has_used_right(account: Account) -> bool:
    """X5: once per account."""
    return WithdrawalUse.objects.filter(account=account).exists()


def _add_ons(base: Subscription, *, now: datetime) -> SubscriptionQuerySet:
    """Those whose own end has come already are left to it. Of a base that has not begun there are none: those that
    run beside the order have the free period for a base."""
    if base.is_scheduled:
        return Subscription.objects.none()
    running = Subscription.objects.live().filter(
        account=base.account_id, vehicle=base.vehicle_id, package__base=base.package_id
    )
    still_on = running.exclude(ends_on__lte=base.market.local_date(now))
    return still_on.select_related("package", "plan", "market", "account").order_by("pk")


def _end_add_ons(base: Subscription, add_ons: Iterable[Consequence], *, now: datetime, by: Account | None) -> None:
    quotes = {each.subscription: each.quote for each in add_ons}
    if not quotes:
        return
    for add_on in _add_ons(base, now=now).with_agreements():
        end_as_quoted(add_on, quotes[add_on.public_id.hex], reason=EndReason.BASE_ENDED, now=now, by=by)


# One end


def _set_end(subscription: Subscription, quote: Quote, *, reason: EndReason, now: datetime) -> None:
    subscription.cancelled_at = subscription.cancelled_at or now
    subscription.ends_on = quote.ends_on
    subscription.end_reason = reason
    subscription.next_charge_on = None
    subscription.next_try_on = None
    subscription.save(update_fields=["cancelled_at", "ends_on", "end_reason", "next_charge_on", "next_try_on"])


def _record_cancelled(subscription: Subscription, quote: Quote, *, now: datetime, by: Account | None, why: str) -> None:
    audit.record(
        "cancelled",
        account=subscription.account,
        by=by,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        ends_on=quote.ends_on,
        refund=quote.refund,
        **({"reason": why} if why else {}),
    )


def promise_as_quoted(subscription: Subscription, quote: Quote, *, now: datetime) -> None:
    """Within the caller's transaction and lock: promises the refund of an end, of the running period's payment."""
    if quote.basis is Basis.WITHDRAWAL:
        use_right(subscription, now=now)
    is_by_months = quote.basis is Basis.PRO_RATA
    promise_refund(
        payment=subscription.payments.get(status=PaymentStatus.SUCCEEDED, period_index=subscription.periods_paid - 1),
        amount=quote.refund,
        basis=quote.basis,
        months_used=quote.months_used if is_by_months else None,
        months_left=quote.months_left if is_by_months else None,
        now=now,
    )


def use_right(subscription: Subscription, *, now: datetime) -> None:
    """X5: once per account; several ended by one act, at one moment, count as one.

    A job that ends add-ons does not hold the account's lock. If the right went elsewhere in that very moment, nothing
    of its step stands, and the next run quotes anew.
    """
    use, _is_new = WithdrawalUse.objects.get_or_create(
        account=subscription.account, defaults={"subscription": subscription, "used_at": now}
    )
    if use.used_at != now:
        raise ValueError(f"{subscription.public_id}: the right to withdraw was used meanwhile")
