"""What a car reported, for its page of data and its downloads: each account its own times' (D3, D4)."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from garage.data.own_rows import Table, own_table
from garage.data.vehicle_data import Kind, Row, Rows
from garage.models import VehicleAlert, VehiclePrivacy, VehicleReport
from garage.own_time import OwnTime
from garage.rules.reports import KEPT_MONTHS, VALUES
from garage.words.alerts import alert_title
from portal.templatetags.frame import number, percentage

STATE = ("at", "last_contact_at", *VALUES)
ALERT = ("at", "alert", "details")
PRIVACY = ("at", "is_on", "source")


def _rows(queryset: QuerySet[Any], columns: tuple[str, ...]) -> Rows:
    def rows(own: OwnTime) -> Table:
        return own_table(queryset.all(), *columns, own=own, row_of=_row(columns))

    return rows


def _row(columns: tuple[str, ...]) -> Callable[[Row], Row]:
    return lambda values: {name: _plain(values[name]) for name in columns}


def _plain(value: Any) -> Any:
    """A list of codes in one cell; an empty one says "none of them", and nothing that it was not reported."""
    return (" ".join(value) or "-") if isinstance(value, list) else value


def _state(row: Row) -> str:
    """The figures that people look for; a report of other things says what it has."""
    said = [gettext("%(km)s km") % {"km": number(row["odometer_km"])}] if row["odometer_km"] is not None else []
    levels = {"fuel_percent": gettext("Fuel"), "charge_percent": gettext("Charge")}
    said += [f"{label} {percentage(row[name])}" for name, label in levels.items() if row[name] is not None]
    return ", ".join(said) or gettext("no odometer, fuel or charge")


def _alert(row: Row) -> str:
    return alert_title(row["alert"])


def _privacy(row: Row) -> str:
    return gettext("switched on") if row["is_on"] else gettext("switched off")


KINDS = (
    Kind(
        name="state_reports",
        title=_("State that the car reported"),
        unit="km, %, kPa, V",
        columns=STATE,
        rows=_rows(VehicleReport.objects.all(), STATE),
        retention_months=KEPT_MONTHS,
        in_words=_state,
    ),
    Kind(
        name="alerts",
        title=_("Alerts after a trip"),
        unit="",
        columns=ALERT,
        rows=_rows(VehicleAlert.objects.all(), ALERT),
        retention_months=KEPT_MONTHS,
        in_words=_alert,
    ),
    Kind(
        name="privacy_mode",
        title=_("Privacy Mode switched on and off"),
        unit="",
        columns=PRIVACY,
        rows=_rows(VehiclePrivacy.objects.all(), PRIVACY),
        retention_months=KEPT_MONTHS,
        in_words=_privacy,
    ),
)
