"""Leaving with a car: what ran on it ends at once, then the link (G6, X7)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.models import Account
from garage.actions.leave import end_membership
from garage.actions.locks import lock_car
from garage.models import ControlTransfer, Membership
from portal.refusals import Refusal
from subscriptions.actions.end import end_as_quoted, end_if_reached, has_used_right, leavers, named
from subscriptions.actions.work import close_solved
from subscriptions.models import Subscription
from subscriptions.models.subscription import SubscriptionQuerySet
from subscriptions.models.work import CONTROL_OBJECTED
from subscriptions.rules.leaving import RemovalQuote, removal_of
from subscriptions.rules.lifecycle import EndReason


def removal_quote(membership: Membership, *, now: datetime) -> RemovalQuote:
    """What removing the car at this moment would bring; empty where nothing of the account runs on it."""
    today = membership.account.market.local_date(now)
    running = _running(membership).prefetch_related(None).with_agreements_inside()
    rows = leavers(running.exclude(ends_on__lte=today).add_ons_first())
    return removal_of(named(rows), has_used_right=has_used_right(membership.account), today=today)


def remove_vehicle(*, membership: Membership, confirmed: RemovalQuote | None, now: datetime, by: Account) -> Membership:
    """Ends every subscription as confirmed, and the link with the car. An end that has come already is met first.

    `confirmed` is the quote that was shown; None where nobody was shown one (rehearsals). Raises `Refusal`: barred,
    no_vehicle where the car has left already, or quote_changed (X10).
    """
    check_not_barred(by, now=now)
    with transaction.atomic():
        membership = _lock(membership)
        running = lock_running(membership)
        quote = removal_quote(membership, now=now)
        check_confirmed(confirmed, quote)
        end_running(membership, running, quote, reason=EndReason.VEHICLE_REMOVED, now=now, by=by)
        end_membership(membership, now=now, by=by)
        close_settled_objections(membership.vehicle_id, now=now)
        return membership


def check_confirmed(confirmed: RemovalQuote | None, quote: RemovalQuote) -> None:
    """X10: what was shown is what is done. Raises `Refusal` quote_changed."""
    if confirmed is not None and confirmed != quote:
        raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))


def lock_running(membership: Membership) -> list[Subscription]:
    """Within the caller's locks on account and vehicle: before the ends are quoted for good."""
    return list(_running(membership).bases_first().select_for_update(of=["self"], no_key=True))


def end_running(
    membership: Membership,
    locked: list[Subscription],
    quote: RemovalQuote,
    *,
    reason: EndReason,
    now: datetime,
    by: Account | None,
) -> None:
    """All that the account has on the car ends at once, as quoted (X7).

    An add-on may have ended meanwhile, with a base whose end has been met: by the same rule, at the same moment.
    """
    for reached in locked:
        end_if_reached(subscription_id=reached.pk, now=now)
    quotes = {end.subscription: end.quote for end in quote.ends}
    for subscription in _running(membership).add_ons_first():
        own = quotes[subscription.public_id.hex]
        end_as_quoted(subscription, own, reason=reason, now=now, by=by)


def close_settled_objections(vehicle_id: int, *, now: datetime) -> None:
    """Within the caller's transaction: what staff were to decide has been decided, or came to nothing."""
    settled = ControlTransfer.objects.filter(vehicle=vehicle_id, objected_at__isnull=False, ended_at__isnull=False)
    for public_id in settled.values_list("public_id", flat=True):
        close_solved(kind=CONTROL_OBJECTED, subject=str(public_id), now=now)


def _lock(membership: Membership) -> Membership:
    """The accounts, the vehicle, the link: in this order, as wherever they are locked."""
    lock_car(vehicle_id=membership.vehicle_id, account_ids=[membership.account_id])
    current = Membership.objects.current().select_related("account__market")
    locked = current.select_for_update(of=["self"], no_key=True).filter(pk=membership.pk).first()
    if locked is None:
        raise Refusal("no_vehicle", _("This car is not in your garage any more."))
    return locked


def _running(membership: Membership) -> SubscriptionQuerySet:
    return running_on(account_id=membership.account_id, vehicle_id=membership.vehicle_id)


def running_on(*, account_id: int, vehicle_id: int) -> SubscriptionQuerySet:
    """What the account has on the car."""
    running = Subscription.objects.live().filter(account=account_id, vehicle=vehicle_id)
    return running.select_related("package", "plan", "market", "account").with_agreements()
