"""What this app knows of an account, for its export (A6). A car belongs to nobody here: the links with it do."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.exporting import ROWS_AT_A_TIME, Exporter, Row, rows_of, table
from accounts.models import Account
from garage.models import (
    AccessCheck,
    AccessTry,
    AccessUnblocking,
    Booking,
    ControlPeriod,
    ControlTransfer,
    DataAccess,
    DataGrant,
    DealerAccess,
    DriverAccess,
    Membership,
    MultimediaProfile,
    OrderedVehicle,
    OrderStage,
    Sale,
    ServiceRecord,
    TradeIn,
    TransferCode,
    VehicleState,
)
from garage.rules.membership import Right
from garage.rules.reports import MOMENTS, VALUES
from garage.workshops import bookings_of

Rows = Callable[[Account], Iterator[Row]]


LINK = ("public_id", "identified_as", "nickname", "invoice_reference", "is_selected", "is_active")
TIMES = ("linked_at", "verified_at", "driver_since", "driver_until", "ended_at")
ORDER = ("order_number", "model", "stage", "expected_on", "vin", "email", "updated_at")
CHECK = ("wrong_tries", "blocked_at")
TRY = ("at", "is_right")
UNBLOCKING = ("blocked_at", "unblocked_at")
PERIOD = ("started_at", "ended_at")
TRANSFER = ("way", "state", "email", "begun_at", "due_at", "accepted_at", "objected_at", "ended_at")
GRANT = (
    *("third_party__name", "purpose", "kinds", "has_history", "reference"),
    *("granted_at", "ends_on", "ended_at", "ended_why"),
)
ACCESS = ("grant__third_party__name", "at", "kinds", "rows")
PROFILE = ("linked_at", "source", "confirmed_at", "ended_at", "ended_source")
STATE = ("last_contact_at", *VALUES, *MOMENTS)
BOOKING = ("public_id", "state", "words", "reason", "booked_at", "arrived_at", "ended_at")
ENTRY = ("done_on", "odometer_km", "items", "works", "recorded_at")
SALE = ("public_id", "begun_at", "called_off_at", "head_unit_declared_at", "finished_at", "check_id", "model")
DEALER_ACCESS = ("workshop__dealer__name", "begun_at", "until", "ended_at", "paper", "seen_at")
TRADE_IN = (
    *("workshop__dealer__name", "reference", "declared_at", "due_at"),
    *("objected_at", "called_off_at", "released_at"),
)
DRIVER = ("invited_at", "accepted_at", "last_on", "ended_at")


def link_rows(account: Account) -> Iterator[Row]:
    """Of a car no more than its pages show (G11): until access is proved, only what the account itself typed."""
    links = Membership.objects.filter(account=account).select_related("vehicle").order_by("pk")
    for link in links.iterator(chunk_size=ROWS_AT_A_TIME):
        car, is_known = link.vehicle, _is_known(link)
        yield {
            "car": _name(link),
            "model": car.model,
            "vin": car.vin if is_known else "",
            "colour": car.colour if is_known else "",
            "powertrain": car.powertrain if is_known else "",
            "plate": _plate(link) if is_known else "",
            **{name: getattr(link, name) for name in (*LINK, *TIMES)},
        }


def _plate(link: Membership) -> str:
    """After the end the car's may be somebody else's (D4)."""
    return link.vehicle.plate if link.ended_at is None else link.plate_at_end


def _is_known(link: Membership) -> bool:
    return link.is_verified or link.may(Right.SPECIFICATION)


def _name(link: Membership) -> str:
    return link.vehicle.vin if _is_known(link) else link.identified_as


def _names(account: Account) -> dict[int, str]:
    """What each car is called to this account, by its id; its last link says so, and one that has proved access."""
    links = Membership.objects.filter(account=account).select_related("vehicle")
    return {link.vehicle_id: _name(link) for link in sorted(links, key=lambda link: (link.is_verified, link.pk))}


def by_car(rows: Callable[[Account], QuerySet[Any]], *columns: str, vehicle: str = "vehicle") -> Rows:
    """Rows that are about a car, which is named as the account may name it."""

    def named(account: Account) -> Iterator[Row]:
        names = _names(account)
        for row in rows_of(rows(account), f"{vehicle}_id", *columns):
            yield {"car": names.get(row.pop(f"{vehicle}_id".replace("__", "_")), "")} | row

    return named


def sale_rows(account: Account) -> Iterator[Row]:
    """The seller's side, with the last code's days; of the buyer nothing (D4)."""
    sales = Sale.objects.filter(membership__account=account).select_related("membership__vehicle").order_by("pk")
    for sale in sales.prefetch_related("codes"):
        codes = sorted(sale.codes.all(), key=lambda code: code.issued_at)
        yield {
            "car": _name(sale.membership),
            **{name: getattr(sale, name) for name in SALE},
            "codes_issued_at": [code.issued_at for code in codes],
        }


def transfer_rows(account: Account) -> Iterator[Row]:
    """The other of the two is not named: accounts that share a car are not shown each other's names."""
    theirs = ControlTransfer.objects.filter(Q(giver=account) | Q(taker=account))
    for transfer in by_car(lambda _account: theirs, *TRANSFER, "giver")(account):
        yield transfer | {"giver": "me" if transfer["giver"] == account.pk else "somebody else"}


def driver_rows(account: Account) -> Iterator[Row]:
    """Whom the account invited, by the address that it typed; and which cars it drives, without who invited it."""
    yield from by_car(lambda owner: DriverAccess.objects.filter(owner=owner), *DRIVER, "email")(account)
    yield from by_car(lambda driver: DriverAccess.objects.filter(driver=driver), *DRIVER)(account)


def booking_rows(account: Account) -> Iterator[Row]:
    names = _names(account)
    for booking in bookings_of(account).order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME):
        yield {
            "car": names.get(booking.vehicle_id, ""),
            "dealer": booking.workshop.dealer.name,
            "starts_at": booking.starts_at,
            "ends_at": booking.ends_at,
            "works": booking.work_names(account.language),
            **{name: getattr(booking, name) for name in BOOKING},
        }


EXPORTERS = (
    Exporter(name="cars", title=_("Cars in your garage, now and before"), model=Membership, rows=link_rows),
    Exporter(
        name="proofs-of-access",
        title=_("Wrong odometer readings"),
        model=AccessCheck,
        rows=by_car(lambda account: AccessCheck.objects.filter(account=account), *CHECK),
    ),
    Exporter(
        name="odometer-tries",
        title=_("Odometer readings that you gave"),
        model=AccessTry,
        rows=by_car(lambda account: AccessTry.objects.filter(account=account), *TRY),
    ),
    Exporter(
        name="unblockings",
        title=_("Cars unblocked after your identity was checked"),
        model=AccessUnblocking,
        rows=by_car(
            lambda account: AccessUnblocking.objects.filter(access_check__account=account),
            *UNBLOCKING,
            vehicle="access_check__vehicle",
        ),
    ),
    table("orders", _("Cars that you ordered"), OrderedVehicle, *ORDER),
    table(
        "order-stages",
        _("Stages of cars that you ordered"),
        OrderStage,
        *("order__order_number", "stage", "on"),
        account="order__account",
    ),
    Exporter(
        name="control",
        title=_("When you had control of a car"),
        model=ControlPeriod,
        rows=by_car(lambda account: ControlPeriod.objects.filter(account=account), *PERIOD),
    ),
    Exporter(
        name="profiles",
        title=_("Your profiles on the screens of cars"),
        model=MultimediaProfile,
        rows=by_car(lambda account: MultimediaProfile.objects.filter(account=account), *PROFILE),
    ),
    Exporter(
        name="last-states",
        title=_("What your cars last reported while you had control"),
        model=VehicleState,
        rows=by_car(
            lambda account: VehicleState.objects.filter(period__account=account), *STATE, vehicle="period__vehicle"
        ),
    ),
    Exporter(name="sales", title=_("Cars that you sold"), model=Sale, rows=sale_rows),
    Exporter(
        name="cars-taken-over",
        title=_("Cars that you took over with a transfer code"),
        model=TransferCode,
        rows=by_car(
            lambda account: TransferCode.objects.filter(used_by__account=account), "used_at", vehicle="used_by__vehicle"
        ),
    ),
    Exporter(
        name="dealers-at-cars",
        title=_("Dealers to whom you showed a code"),
        model=DealerAccess,
        rows=by_car(
            lambda account: DealerAccess.objects.filter(membership__account=account),
            *DEALER_ACCESS,
            vehicle="membership__vehicle",
        ),
    ),
    Exporter(
        name="trade-ins",
        title=_("Cars that a dealer took in trade"),
        model=TradeIn,
        rows=by_car(
            lambda account: TradeIn.objects.filter(membership__account=account),
            *TRADE_IN,
            vehicle="membership__vehicle",
        ),
    ),
    Exporter(name="transfers", title=_("Control offered and asked for"), model=ControlTransfer, rows=transfer_rows),
    Exporter(
        name="data-grants",
        title=_("Companies that may read data of your cars, now and before"),
        model=DataGrant,
        rows=by_car(lambda account: DataGrant.objects.filter(account=account), *GRANT),
    ),
    Exporter(
        name="data-accesses",
        title=_("What companies have read of your cars’ data"),
        model=DataAccess,
        rows=by_car(
            lambda account: DataAccess.objects.filter(grant__account=account), *ACCESS, vehicle="grant__vehicle"
        ),
    ),
    Exporter(
        name="drivers", title=_("Drivers of your cars, and cars that you drive"), model=DriverAccess, rows=driver_rows
    ),
    Exporter(
        name="service-entries",
        title=_("Your entries in service histories"),
        model=ServiceRecord,
        rows=by_car(lambda account: ServiceRecord.objects.filter(entered_by=account, is_own=True), *ENTRY),
    ),
    Exporter(name="bookings", title=_("Bookings at dealers"), model=Booking, rows=booking_rows),
)
