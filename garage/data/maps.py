"""Map updates that an account asked for: in its export (A6), and among the data of a car (D3)."""

from django.utils.translation import gettext, gettext_lazy

from accounts.exporting import Exporter
from garage.data.own_rows import Row, Table, own_table
from garage.data.vehicle_data import Kind
from garage.exporters import by_car
from garage.models import MapUpdate
from garage.own_time import OwnTime
from garage.rules.maps import State
from garage.words.maps import STATES

COLUMNS = ("requested_at", "version", "state", "sent_at", "ended_at")


def rows(own: OwnTime) -> Table:
    """Its own alone: who else asked for what is nobody's business (D4)."""
    fields = ("requested_at", "release__version", "state", "sent_at", "ended_at")
    asked = MapUpdate.objects.filter(account=own.account)
    return own_table(asked, *fields, own=own, moment="requested_at", row_of=_row)


def _row(values: Row) -> Row:
    return {"version" if name == "release__version" else name: value for name, value in values.items()}


def _in_words(row: Row) -> str:
    _tone, state = STATES[State(row["state"])]
    return gettext("Version %(version)s: %(state)s") % {"version": row["version"], "state": state}


KIND = Kind(
    name="map_updates",
    title=gettext_lazy("Map updates that you asked for"),
    unit="",
    columns=COLUMNS,
    rows=rows,
    retention_months=None,
    moment="requested_at",
    may_leave=False,
    in_words=_in_words,
)

EXPORTERS = (
    Exporter(
        name="map-updates",
        title=gettext_lazy("Map updates that you asked for"),
        model=MapUpdate,
        rows=by_car(
            lambda account: MapUpdate.objects.filter(account=account),
            *("requested_at", "release__version", "state", "sent_at", "ended_at"),
        ),
    ),
)
