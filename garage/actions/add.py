"""Adding a car to a garage (G1, G2, G5). Locks the account, then the vehicle."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import locked_account
from accounts.models import Account
from garage.corrections import corrected
from garage.lookups import give_back_lookup, take_lookup
from garage.models import Membership, Vehicle
from garage.registry import get_registry
from garage.registry.port import RegistryCar
from garage.rules import membership as membership_rules
from garage.rules import plate as plate_rules
from garage.vin_reading import read_vin, unknown_vin
from portal import audit
from portal.querying.written import Given, written
from portal.refusals import Refusal


def add_vehicle(*, account: Account, vin: str, now: datetime, by: Account) -> Membership:
    """Puts the car of that VIN into the account's garage, not yet verified.

    Refuses with `vin_malformed`, `vin_of_another_maker` (the registry is not asked), `vin_unknown`,
    `too_many_lookups`, `already_in_garage` or `garage_full`. Whether the car is in another garage makes no difference
    to the answer.
    """
    brand = account.market.brand
    read = read_vin(vin, brand=brand)
    car = _look_up(lambda: get_registry().by_vin(read.vin), account=account, now=now)
    if car is None:
        raise unknown_vin(read, brand=brand)
    return _add(account=account, car=car, identified_as=read.vin, now=now, by=by)


def add_vehicle_by_plate(*, account: Account, plate: str, now: datetime, by: Account) -> Membership:
    """As `add_vehicle`, for the plate's car in the account's market; `plate_malformed` and `plate_unknown` instead."""
    plate = plate_rules.clean(plate)
    if not plate_rules.is_well_formed(plate):
        raise Refusal("plate_malformed", _("A registration plate has 2 to 12 letters and digits."))
    code = account.market.code
    car = _look_up(lambda: get_registry().by_plate(plate, market_code=code), account=account, now=now)
    if car is None:
        raise Refusal("plate_unknown", _("We do not know this registration plate. Try the VIN instead."))
    return _add(account=account, car=car, identified_as=plate, now=now, by=by)


def _look_up(ask: Callable[[], RegistryCar | None], *, account: Account, now: datetime) -> RegistryCar | None:
    if not take_lookup(account_id=account.pk, now=now):
        raise Refusal("too_many_lookups", _("You have tried many unknown cars. Please try again in an hour."))
    car = ask()
    if car is not None:
        give_back_lookup(account_id=account.pk, now=now)
    return car


@transaction.atomic
def _add(*, account: Account, car: RegistryCar, identified_as: str, now: datetime, by: Account) -> Membership:
    lock_garage(account)
    if in_garage(account, car.vin):
        raise Refusal("already_in_garage", _("This car is in your garage already."))
    vehicle = vehicle_of(car, now=now)
    return put_in_garage(account=account, vehicle=vehicle, identified_as=identified_as, now=now, by=by)


def lock_garage(account: Account) -> None:
    """Within the caller's transaction: the account's row is the lock under which its cars are counted.

    Raises `Refusal` account_closed.
    """
    locked_account(account)


def in_garage(account: Account, vin: str) -> Membership | None:
    """The account's link with the car of that VIN, while it lasts."""
    return next(iter(_links(account=account.pk, vin=vin)), None)


@written
def _links(*, account: Given, vin: Given) -> QuerySet[Membership]:
    """One at most."""
    current = Membership.objects.current().select_related("vehicle", "account__market")
    return current.filter(account=account, vehicle__vin=vin)


def put_in_garage(
    *, account: Account, vehicle: Vehicle, identified_as: str, now: datetime, by: Account | None
) -> Membership:
    """Under the lock of the garage, in which the car is not yet: the link, not verified. Refuses with `garage_full`."""
    held = Membership.objects.current().filter(account=account)
    if not membership_rules.has_room(held.count()):
        raise Refusal("garage_full", _("Your garage is full: it holds 10 cars. Remove one before you add another."))
    membership = Membership.objects.create(
        account=account,
        vehicle=vehicle,
        identified_as=identified_as,
        linked_at=now,
        is_selected=not held.filter(is_selected=True).exists(),
    )
    audit.record("vehicle_added", account=account, by=by, now=now, subject=membership)
    return membership


def vehicle_of(car: RegistryCar, *, now: datetime) -> Vehicle:
    """The portal's row of the car, created or brought up to what the registry says today, but for what staff know
    better (K3)."""
    car = corrected(car)
    facts = asdict(car) | {"capabilities": list(car.capabilities)}
    vehicle, is_new = Vehicle.objects.get_or_create(vin=car.vin, defaults=facts | {"added_at": now})
    changed = [name for name, value in facts.items() if getattr(vehicle, name) != value]
    if changed and not is_new:
        for name in changed:
            setattr(vehicle, name, facts[name])
        vehicle.save(update_fields=changed)
    return vehicle
