"""Service records among the data of a car that can be downloaded (D3)."""

from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.data.vehicle_data import Kind, Row
from garage.maintenance import history_of
from garage.models import ServiceRecord
from garage.own_time import OwnTime
from garage.rules.membership import Right
from portal.templatetags.frame import number

COLUMNS = ("done_on", "odometer_km", "plan_works", "other_works", "entered_by")


def rows(own: OwnTime) -> Iterator[Row]:
    """The whole history for the account that has control, since it stays with the car (D4); for a former one what it
    entered itself."""
    records = history_of(own.vehicle).reverse()
    if own.link is None or not own.link.may(Right.VEHICLE_DATA):
        records = records.filter(entered_by=own.account, is_own=True)
    for record in records.iterator(chunk_size=500):
        yield _row(record, own.account)


def _row(record: ServiceRecord, account: Account) -> Row:
    return {
        "done_on": record.done_on,
        "odometer_km": record.odometer_km,
        "plan_works": "; ".join(record.items),
        "other_works": "; ".join(record.works),
        "entered_by": _by(record, account),
    }


def _by(record: ServiceRecord, account: Account) -> str:
    if record.dealer:
        return record.dealer.name
    return "me" if record.entered_by_id == account.pk else "an owner"


def _in_words(row: Row) -> str:
    return ", ".join(filter(None, [gettext("%(km)s km") % {"km": number(row["odometer_km"])}, row["other_works"]]))


SERVICE_RECORDS = Kind(
    name="service_records",
    title=_("Service history"),
    unit="",
    columns=COLUMNS,
    rows=rows,
    retention_months=None,
    moment="done_on",
    in_words=_in_words,
)
