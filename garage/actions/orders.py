"""Ordered cars: what the order file says of them, and the car that one becomes on delivery (G4, G1).

Locks the account, then the vehicle, the order, and last the membership.
"""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Dealer
from garage.actions.add import in_garage, lock_garage, put_in_garage, vehicle_of
from garage.actions.prove import accept_proof, locked_check
from garage.models import Membership, OrderedVehicle, OrderStage, Vehicle
from garage.notices.announcing import tell_delivered, tell_no_room, tell_order_stage
from garage.registry import get_registry
from garage.registry.port import RegistryCar
from garage.rules import orders as rules
from garage.rules.orders import Stage
from portal import audit
from portal.models import Market
from portal.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class OrderFacts:
    """A row of the order file."""

    order_number: str
    market: Market
    email: str
    model: str
    body: str
    colour_hex: str
    stage: Stage
    stage_on: date
    expected_on: date | None
    vin: str
    dealer: Dealer | None = None
    # Without it the dealer that is known stays.
    says_dealer: bool = True


@transaction.atomic
def record_order(*, facts: OrderFacts, now: datetime) -> str:
    """Keeps what the file says of an order: `new`, `changed` or `unchanged`. Its customer is told each stage once.

    Refuses with `order_moved_on` (the stage is not one that may follow), `order_in_garage` (its car is in a garage,
    which closes the order) and `order_of_another` (another customer or market).
    """
    known = OrderedVehicle.objects.select_for_update().filter(order_number=facts.order_number).first()
    said = _said(facts)
    if known and all(getattr(known, name) == value for name, value in said.items()):
        return "unchanged"
    _check(facts, known=known)
    order = known or OrderedVehicle(order_number=facts.order_number)
    is_new_stage = known is None or known.stage != facts.stage
    for name, value in (said | {"updated_at": now}).items():
        setattr(order, name, value)
    order.account = _customer_of(order)
    order.save()
    if is_new_stage:
        OrderStage.objects.create(order=order, stage=facts.stage, on=facts.stage_on, recorded_at=now)
        facts_of_audit = {"stage": str(facts.stage), "order": order.order_number}
        audit.record("order_stage", account=order.account, by=None, now=now, subject=order, **facts_of_audit)
        # Of delivery the customer hears when the car is in the garage, or cannot get in.
        if order.account and order.stage != Stage.DELIVERED:
            tell_order_stage(order, account=order.account, now=now)
    return "changed" if known else "new"


def deliver_ordered_vehicle(*, order: OrderedVehicle, now: datetime) -> Membership | None:
    """Turns a delivered order into a car of its customer's garage; None while it has to wait.

    It waits for an account with the order's address, for the car in the registry, and for room (G1), of which the
    customer is told once. The dealer has handed the car over: access counts as proved, and control is the customer's
    where it is nobody's (G3), unless three wrong readings have blocked it (V2).
    """
    account = _customer_of(order)
    car = get_registry().by_vin(order.vin) if account else None
    if account is None or car is None:
        return None
    try:
        return _deliver(order, account=account, car=car, now=now)
    except Refusal as refusal:
        if refusal.code == "garage_full":
            with transaction.atomic():
                tell_no_room(order, account=account, now=now)
        return None


def let_orders_go(account: Account, now: datetime) -> None:
    """Within the closing's transaction (A6): what is not in a garage is the order of its address again (G4)."""
    OrderedVehicle.objects.filter(account=account, membership__isnull=True).update(account=None)


@transaction.atomic
def _deliver(order: OrderedVehicle, *, account: Account, car: RegistryCar, now: datetime) -> Membership | None:
    """None where the order has changed since it was read: another delivered it, or the file told another thing."""
    lock_garage(account)
    vehicle = Vehicle.objects.select_for_update(no_key=True).get(pk=vehicle_of(car, now=now).pk)
    locked = OrderedVehicle.objects.select_for_update(no_key=True).get(pk=order.pk)
    is_as_read = (locked.account_id, locked.email, locked.vin) == (order.account_id, order.email, car.vin)
    if locked.membership_id is not None or not is_as_read:
        return None
    membership = in_garage(account, vehicle.vin) or put_in_garage(
        account=account, vehicle=vehicle, identified_as=vehicle.vin, now=now, by=None
    )
    if locked_check(membership).blocked_at is None:
        accept_proof(membership, now=now, by=None)
    locked.account, locked.membership = account, membership
    locked.save(update_fields=["account", "membership"])
    audit.record("order_delivered", account=account, by=None, now=now, subject=locked, order=locked.order_number)
    tell_delivered(locked, membership, now=now)
    return membership


def _said(facts: OrderFacts) -> dict[str, object]:
    names = ("market", "email", "model", "body", "colour_hex", "stage", "expected_on", "vin")
    said = {name: getattr(facts, name) for name in names}
    return said | {"dealer_id": facts.dealer.pk if facts.dealer else None} if facts.says_dealer else said


def _check(facts: OrderFacts, *, known: OrderedVehicle | None) -> None:
    if known is None:
        return
    if known.membership_id:
        raise Refusal("order_in_garage", _("the car of this order is in a garage already"))
    if known.market_id != facts.market.pk or _is_of_another(known, facts.email):
        raise Refusal("order_of_another", _("this order belongs to another customer or market"))
    if known.stage != facts.stage and not rules.may_follow(Stage(known.stage), facts.stage):
        said = {"before": known.stage, "after": facts.stage}
        raise Refusal("order_moved_on", _("the order is %(before)s, which %(after)s cannot follow") % said)


def _customer_of(order: OrderedVehicle) -> Account | None:
    """Whoever is entered on it, as long as that account is open; else its address decides (A6)."""
    return order.account if order.account and order.account.is_active else _account_of(order.email)


def _is_of_another(known: OrderedVehicle, email: str) -> bool:
    """Whether the address is neither the order's nor one that its customer has confirmed since."""
    return known.account_id is not None and known.email != email and _account_of(email) != known.account


def _account_of(email: str) -> Account | None:
    """The member whose confirmed address it is."""
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True)
    address = confirmed.select_related("user__market").first()
    return address.user if address else None
