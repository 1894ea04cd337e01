"""The last of each value that a car reported, within each account's time of control (G10, D4)."""

from collections.abc import Sequence

from garage.models import ControlPeriod, VehicleState
from garage.rules.reports import MOMENTS, VALUES, StateReport, last_of

FIELDS = (*VALUES, *MOMENTS, "last_contact_at")


def keep_last(reports: Sequence[tuple[ControlPeriod, StateReport]]) -> None:
    """Within the caller's lock of the cars. A report that comes late changes only what nothing later has told."""
    of_period: dict[int, list[StateReport]] = {}
    for period, report in reports:
        of_period.setdefault(period.pk, []).append(report)
    known = {state.period_id: state for state in VehicleState.objects.filter(period__in=of_period)}
    rows = [_row(period_id, own, known.get(period_id)) for period_id, own in of_period.items()]
    VehicleState.objects.bulk_create(rows, update_conflicts=True, unique_fields=["period"], update_fields=list(FIELDS))


def _row(period_id: int, reports: Sequence[StateReport], known: VehicleState | None) -> VehicleState:
    before = {name: getattr(known, name) for name in (*VALUES, *MOMENTS)} if known else {}
    contacts = [report.contact_at for report in reports]
    contact = max([*contacts, known.last_contact_at] if known else contacts)
    return VehicleState(period_id=period_id, last_contact_at=contact, **last_of(reports, known=before))
