"""Events of cars, for the app's backend. A car's id is that of its account's link with it, as everywhere in the API."""

from collections.abc import Callable, Sequence

from accounts.hooks.kinds import Ids, Kind, of_account, of_subject
from garage.models import ControlTransfer, Membership
from portal.models import AuditRecord

_MOVED, _PROVED = "control moved", "access_proved"


def _link(_record: AuditRecord, row: Membership) -> dict[str, str]:
    return {"vehicle": str(row.public_id)}


def _became_active(record: AuditRecord, row: Membership) -> dict[str, str] | None:
    return _link(record, row) if record.data.get("became_active") else None


def _gained(records: Sequence[AuditRecord]) -> Ids:
    """By a proof where nobody had control, or from another account (G3, V4)."""
    proved = of_subject(Membership, ids=_became_active)([each for each in records if each.what == _PROVED])
    return {**proved, **_of_transfers(records, is_concerned=lambda record, row: record.account_id == row.taker_id)}


def _lost(records: Sequence[AuditRecord]) -> Ids:
    return _of_transfers(records, is_concerned=lambda record, row: record.account_id != row.taker_id)


def _of_transfers(
    records: Sequence[AuditRecord], *, is_concerned: Callable[[AuditRecord, ControlTransfer], bool]
) -> Ids:
    moved = [record for record in records if record.what == _MOVED]
    rows = ControlTransfer.objects.in_bulk([record.subject_id for record in moved])
    pairs = [(each, row) for each in moved if (row := rows.get(each.subject_id or 0)) and is_concerned(each, row)]
    accounts = of_account([record for record, _row in pairs])
    links = Membership.objects.filter(
        account__in=[record.account_id for record, _row in pairs],
        vehicle__in=[row.vehicle_id for _record, row in pairs],
    )
    # The latest link, should the car have come back.
    ids = {(link.account_id, link.vehicle_id): str(link.public_id) for link in links.order_by("pk")}
    found = {record.pk: ids.get((record.account_id or 0, row.vehicle_id)) for record, row in pairs}
    return {pk: accounts[pk] | {"vehicle": vehicle} for pk, vehicle in found.items() if vehicle}


_NAMES = ("account", "vehicle")

KINDS = [
    Kind(
        name="vehicle.added",
        text="A car was added to a garage.",
        told_by=frozenset({"vehicle_added"}),
        ids=of_subject(Membership, ids=_link),
        names=_NAMES,
    ),
    Kind(
        name="vehicle.removed",
        text="A car left a garage, and with it the account's control.",
        told_by=frozenset({"vehicle_removed"}),
        ids=of_subject(Membership, ids=_link),
        names=_NAMES,
    ),
    Kind(
        name="vehicle.control_gained",
        text="An account controls a car from now on.",
        told_by=frozenset({_PROVED, _MOVED}),
        ids=_gained,
        names=_NAMES,
    ),
    Kind(
        name="vehicle.control_lost",
        text="Another account controls the car; it stays in the garage.",
        told_by=frozenset({_MOVED}),
        ids=_lost,
        names=_NAMES,
    ),
]
