"""Addresses of people who never answered, and of orders long delivered, are not kept (D1)."""

from datetime import datetime, timedelta

from django.db.models import Q

from garage.models import ControlTransfer, DriverAccess, OrderedVehicle, StaffInvitation
from garage.rules.orders import Stage

# After they were sent; they could be accepted for seven days.
UNANSWERED_KEPT = timedelta(days=30)
# After the last that was heard of them.
ORDERS_KEPT = timedelta(days=730)
# Nobody can register such an address (RFC 2606).
NOWHERE = "forgotten@account.invalid"


def forget_invitations(*, now: datetime) -> int:
    """Nightly: invitations that nobody accepted go; how many. What happened to them is on record. Safe to repeat."""
    sent = Q(invited_at__lte=now - UNANSWERED_KEPT, accepted_at__isnull=True)
    count = DriverAccess.objects.filter(sent).delete()[0] + StaffInvitation.objects.filter(sent).delete()[0]
    return count + _forget_offers(now)


def forget_orders(*, now: datetime) -> int:
    """Nightly: an order that was delivered or cancelled keeps no address for ever; how many."""
    is_over = Q(stage=Stage.CANCELLED) | Q(membership__isnull=False)
    orders = OrderedVehicle.objects.filter(is_over, updated_at__lte=now - ORDERS_KEPT).exclude(email=NOWHERE)
    return orders.update(email=NOWHERE)


def _forget_offers(now: datetime) -> int:
    """An offer of control is part of the car's history; to whom it was in vain is not."""
    offers = ControlTransfer.objects.offers().filter(taker__isnull=True, ended_at__lte=now - UNANSWERED_KEPT)
    return offers.exclude(email=NOWHERE).update(email=NOWHERE)
