"""What is known of a car without its sending anything: kinds of data that the garage itself keeps (D3)."""

from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from garage.data.own_rows import Row, Table, own_table
from garage.data.vehicle_data import Kind
from garage.models import AccessTry
from garage.own_time import OwnTime
from garage.registry import get_registry
from garage.rules.membership import Right
from portal.templatetags.frame import day_in_words, number

FACTS = ("vin", "model", "body", "colour", "powertrain", "multimedia", "market_code")
DATES = ("warranty_start", "purchased_on", "first_registered_on")
SPECIFICATION = (*FACTS, "plate", *DATES, "capabilities", "odometer_km", "odometer_at")
PERIOD = ("started_at", "ended_at")
TRY = ("at", "is_right")


def specification_rows(own: OwnTime) -> Iterator[Row]:
    """One row, as of today. The plate may be somebody else's by now, and the reading of another's time (D4)."""
    vehicle = own.vehicle
    is_linked = own.link is not None and own.link.may(Right.SPECIFICATION)
    reading = get_registry().odometer(vehicle.vin)
    is_own = reading is not None and own.covers(reading.taken_at)
    yield {
        **{name: getattr(vehicle, name) for name in FACTS},
        "plate": vehicle.plate if is_linked else None,
        **{name: getattr(vehicle, name) for name in DATES},
        "capabilities": list(vehicle.capabilities),
        "odometer_km": reading.km if reading and is_own else None,
        "odometer_at": reading.taken_at if reading and is_own else None,
    }


def control_rows(own: OwnTime) -> Iterator[Row]:
    for started_at, ended_at in own.periods:
        yield {"started_at": started_at, "ended_at": ended_at}


def try_rows(own: OwnTime) -> Table:
    """By whomever, while the account had control; it was told of each (V2)."""
    return own_table(AccessTry.objects.all(), *TRY, own=own)


def _specification(row: Row) -> str:
    odometer = gettext("%(km)s km") % {"km": number(row["odometer_km"])} if row["odometer_km"] is not None else ""
    return ", ".join(filter(None, [row["model"], row["plate"], odometer]))


def _control(row: Row) -> str:
    start = day_in_words(row["started_at"])
    if row["ended_at"]:
        return gettext("%(start)s to %(end)s") % {"start": start, "end": day_in_words(row["ended_at"])}
    return gettext("since %(start)s") % {"start": start}


def _try(row: Row) -> str:
    return gettext("a right reading") if row["is_right"] else gettext("a wrong reading")


KINDS = (
    Kind(
        name="specification",
        title=_("Specification and last known odometer"),
        unit=_("texts, dates, km"),
        columns=SPECIFICATION,
        rows=specification_rows,
        retention_months=None,
        in_words=_specification,
    ),
    Kind(
        name="control",
        title=_("When you had control"),
        unit=_("moments"),
        columns=PERIOD,
        rows=control_rows,
        retention_months=None,
        moment="started_at",
        may_leave=False,
        in_words=_control,
    ),
    Kind(
        name="access_tries",
        title=_("Tries to prove access to the car"),
        unit=_("yes or no"),
        columns=TRY,
        rows=try_rows,
        retention_months=None,
        may_leave=False,
        in_words=_try,
    ),
)
