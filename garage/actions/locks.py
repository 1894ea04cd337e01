"""Locks around a car: accounts by their number, then the vehicle, then its links."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.models import DriverAccess, Vehicle
from portal.refusals import Refusal


def lock_car(*, vehicle_id: int, account_ids: Collection[int]) -> None:
    """Within the caller's transaction: these accounts and those of the car's drivers, whose garages change with it.

    Nobody who holds a vehicle waits for an account, so that no two can wait for each other.
    """
    lock_cars(vehicle_ids=[vehicle_id], account_ids=account_ids)


def lock_cars(*, vehicle_ids: Collection[int], account_ids: Collection[int]) -> None:
    """The same of several cars.

    Raises `Refusal` quote_changed where a driver came between the look and the lock, whose account is not locked.
    """
    ids = {*account_ids, *_drivers_of(vehicle_ids)}
    list(Account.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=ids).order_by("pk"))
    list(Vehicle.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=vehicle_ids).order_by("pk"))
    if not _drivers_of(vehicle_ids) <= ids:
        raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))


def _drivers_of(vehicle_ids: Collection[int]) -> set[int]:
    drives = DriverAccess.objects.filter(vehicle__in=vehicle_ids, driver__isnull=False, ended_at__isnull=True)
    return {driver_id for driver_id in drives.values_list("driver_id", flat=True) if driver_id is not None}
