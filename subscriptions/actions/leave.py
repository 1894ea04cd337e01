"""Leaving with a car: what ran on it ends at once, then the link (G6, X7)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.actions.leave import end_membership
from garage.models import Membership, Vehicle
from portal.refusals import Refusal
from subscriptions.actions.end import end_as_quoted, end_if_reached, has_used_right, leavers, named
from subscriptions.models import Subscription
from subscriptions.models.subscription import SubscriptionQuerySet
from subscriptions.rules.leaving import RemovalQuote, removal_of
from subscriptions.rules.lifecycle import EndReason


def removal_quote(membership: Membership, *, now: datetime) -> RemovalQuote:
    """What removing the car at this moment would bring; empty where nothing of the account runs on it."""
    today = membership.account.market.local_date(now)
    rows = leavers(_running(membership).exclude(ends_on__lte=today).add_ons_first())
    return removal_of(named(rows), has_used_right=has_used_right(membership.account), today=today)


def remove_vehicle(*, membership: Membership, confirmed: RemovalQuote | None, now: datetime, by: Account) -> Membership:
    """Ends every subscription as confirmed, and the link with the car. An end that has come already is met first.

    `confirmed` is the quote that was shown; None where nobody was shown one (rehearsals). Raises `Refusal`: no_vehicle
    where the car has left already, or quote_changed (X10).
    """
    with transaction.atomic():
        membership = _lock(membership)
        locked = list(_running(membership).bases_first().select_for_update(of=["self"], no_key=True))
        quote = removal_quote(membership, now=now)
        if confirmed is not None and confirmed != quote:
            raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))
        for reached in locked:
            end_if_reached(subscription_id=reached.pk, now=now)
        _end_all(membership, quote, now=now, by=by)
        return end_membership(membership, now=now, by=by)


def _end_all(membership: Membership, quote: RemovalQuote, *, now: datetime, by: Account) -> None:
    """An add-on may have ended meanwhile, with a base whose end has been met: by the same rule, at the same moment."""
    quotes = {end.subscription: end.quote for end in quote.ends}
    for subscription in _running(membership).add_ons_first():
        own = quotes[subscription.public_id.hex]
        end_as_quoted(subscription, own, reason=EndReason.VEHICLE_REMOVED, now=now, by=by)


def _lock(membership: Membership) -> Membership:
    """The account, the vehicle, the link: in this order, as wherever they are locked."""
    Account.objects.select_for_update(of=["self"], no_key=True).get(pk=membership.account_id)
    Vehicle.objects.select_for_update(of=["self"], no_key=True).get(pk=membership.vehicle_id)
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
