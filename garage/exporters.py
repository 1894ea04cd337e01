"""What this app knows of an account, for its export (A6). A car belongs to nobody here: the links with it do."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.exporting import Exporter, Row, rows_of, table
from accounts.models import Account
from garage.models import (
    AccessCheck,
    AccessTry,
    AccessUnblocking,
    ControlPeriod,
    ControlTransfer,
    DriverAccess,
    Membership,
    OrderedVehicle,
    OrderStage,
)

CAR = ("vehicle__vin", "vehicle__plate", "vehicle__model", "vehicle__colour", "vehicle__powertrain")
LINK = ("public_id", "identified_as", "nickname", "invoice_reference", "is_selected", "is_active")
TIMES = ("linked_at", "verified_at", "driver_since", "driver_until", "ended_at")
ORDER = ("order_number", "model", "stage", "expected_on", "vin", "email", "updated_at")
TRANSFER = ("vehicle__vin", "way", "state", "email", "begun_at", "due_at", "accepted_at", "objected_at", "ended_at")
DRIVER = ("vehicle__vin", "invited_at", "accepted_at", "last_on", "ended_at")


def transfer_rows(account: Account) -> Iterator[Row]:
    """The other of the two is not named: accounts that share a car are not shown each other's names."""
    theirs = Q(giver=account) | Q(taker=account)
    for transfer in rows_of(ControlTransfer.objects.filter(theirs), *TRANSFER, "giver"):
        yield transfer | {"giver": "me" if transfer["giver"] == account.pk else "somebody else"}


def driver_rows(account: Account) -> Iterator[Row]:
    """Whom the account invited, by the address that it typed; and which cars it drives, without who invited it."""
    yield from rows_of(DriverAccess.objects.filter(owner=account), *DRIVER, "email")
    yield from rows_of(DriverAccess.objects.filter(driver=account), *DRIVER)


EXPORTERS = (
    table("cars", _("Cars in your garage, now and before"), Membership, *CAR, *LINK, *TIMES),
    table("proofs-of-access", _("Wrong odometer readings"), AccessCheck, "vehicle__vin", "wrong_tries", "blocked_at"),
    table("odometer-tries", _("Odometer readings that you gave"), AccessTry, "vehicle__vin", "at", "is_right"),
    table(
        "unblockings",
        _("Cars unblocked after your identity was checked"),
        AccessUnblocking,
        *("access_check__vehicle__vin", "blocked_at", "unblocked_at"),
        account="access_check__account",
    ),
    table("orders", _("Cars that you ordered"), OrderedVehicle, *ORDER),
    table(
        "order-stages",
        _("Stages of cars that you ordered"),
        OrderStage,
        *("order__order_number", "stage", "on"),
        account="order__account",
    ),
    table("control", _("When you had control of a car"), ControlPeriod, "vehicle__vin", "started_at", "ended_at"),
    Exporter(name="transfers", title=_("Control offered and asked for"), model=ControlTransfer, rows=transfer_rows),
    Exporter(
        name="drivers", title=_("Drivers of your cars, and cars that you drive"), model=DriverAccess, rows=driver_rows
    ),
)
