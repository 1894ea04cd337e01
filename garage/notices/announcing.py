"""What the garage tells its customers (N1): who tried to reach their car, what became of a block, where an order is."""

from datetime import datetime

from accounts.models import Account
from accounts.notices.kinds import tell
from garage.models import Membership, OrderedVehicle
from garage.notices.sharing import path_for
from garage.rules.orders import Stage


def tell_access_tried(active: Membership, *, what: str, subject_key: str, now: datetime) -> None:
    """V2: another account gave a reading (`right` or `wrong`) or the car's code (`code`); which one is not told."""
    tell(
        account=active.account,
        kind="access_tried",
        subject_key=subject_key,
        event_on=active.account.market.local_date(now),
        now=now,
        vehicle_label=active.label,
        what=what,
        tried_at=now.isoformat(),
        url=_page_of(active),
    )


def tell_access_unblocked(membership: Membership | None, *, account: Account, check_id: int, now: datetime) -> None:
    """V3: the account has its three tries for the car again."""
    tell(
        account=account,
        kind="access_unblocked",
        subject_key=f"access-check-{check_id}-{now.isoformat()}",
        event_on=account.market.local_date(now),
        now=now,
        vehicle_label=membership.label if membership else "",
        url=path_for(account, "prove_access", membership.public_id) if membership else path_for(account, "garage"),
    )


def tell_order_stage(order: OrderedVehicle, *, account: Account, now: datetime) -> None:
    """G4: the order has reached a stage; once for each."""
    tell(
        account=account,
        kind="order_stage",
        subject_key=f"order-{order.pk}-{order.stage}",
        event_on=account.market.local_date(now),
        now=now,
        **_order_facts(order),
        stage=str(order.stage),
        expected_on=order.expected_on if order.expected_on and order.stage != Stage.CANCELLED else "",
        url=path_for(account, "garage"),
    )


def tell_delivered(order: OrderedVehicle, membership: Membership, *, now: datetime) -> None:
    """G4: the ordered car is in the garage."""
    tell(
        account=membership.account,
        kind="order_delivered",
        subject_key=f"order-{order.pk}",
        event_on=membership.account.market.local_date(now),
        now=now,
        **_order_facts(order),
        is_active=membership.is_active,
        url=path_for(membership.account, "delivery", order.public_id),
    )


def tell_no_room(order: OrderedVehicle, *, account: Account, now: datetime) -> None:
    """G1: the delivered car waits until there is room; told once, whatever day it is asked again."""
    tell(
        account=account,
        kind="order_waits",
        subject_key=f"order-{order.pk}",
        event_on=order.stages.get(stage=Stage.DELIVERED).on,
        now=now,
        **_order_facts(order),
        url=path_for(account, "garage"),
    )


def _order_facts(order: OrderedVehicle) -> dict[str, str]:
    return {"order_number": order.order_number, "vehicle_model": order.model}


def _page_of(membership: Membership) -> str:
    return path_for(membership.account, "vehicle", membership.public_id)
