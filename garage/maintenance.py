"""A car's maintenance as it stands: its plan, its history, what is due, open recalls (G8)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from garage.models import MaintenanceItem, MaintenancePlan, Membership, Recall, RecallDone, ServiceRecord, Vehicle
from garage.rules import maintenance as rules
from garage.rules.maintenance import Done, Due, Interval, Plan, Warranty
from portal.querying.rows_inside import with_rows


@dataclass(frozen=True, kw_only=True)
class DueWork:
    item: MaintenanceItem
    due: Due


def read_plans() -> list[MaintenancePlan]:
    """Those in force with their works, for any number of cars: one query."""
    works = MaintenanceItem.objects.filter(is_active=True).order_by("position", "pk")
    plans = MaintenancePlan.objects.filter(is_active=True).select_related("market").order_by("pk")
    return list(with_rows(plans, items=works))


def plan_of(vehicle: Vehicle, plans: Iterable[MaintenancePlan]) -> MaintenancePlan | None:
    of_market = {plan.code: plan for plan in plans if plan.market.code == vehicle.market_code}
    offered = [
        Plan(code=plan.code, powertrain=plan.powertrain, models=frozenset(plan.for_models))
        for plan in of_market.values()
    ]
    found = rules.plan_for(model=vehicle.model, powertrain=vehicle.powertrain, plans=offered)
    return of_market[found.code] if found else None


def history_of(vehicle: Vehicle) -> QuerySet[ServiceRecord]:
    """The newest first."""
    records = ServiceRecord.objects.filter(vehicle=vehicle).select_related("dealer")
    return records.order_by("-done_on", "-odometer_km", "-pk")


def histories_of(vehicles: Iterable[Vehicle]) -> dict[int, list[Done]]:
    """What the dates of each car count from; one query."""
    histories: dict[int, list[Done]] = defaultdict(list)
    for record in counted(ServiceRecord.objects.filter(vehicle__in=[vehicle.pk for vehicle in vehicles])):
        histories[record.vehicle_id].append(done_of(record))
    return histories


def counted(records: QuerySet[ServiceRecord]) -> QuerySet[ServiceRecord]:
    """G8: what due dates count from: dealers' records, and the own entries of whoever controls the car now.

    An entry of an owner before stays with the car (D4), to be read: nobody could mend a slip in it.
    """
    theirs = Membership.objects.current().filter(vehicle=OuterRef("vehicle"), account=OuterRef("entered_by"))
    return records.filter(Q(is_own=False) | Exists(theirs.filter(is_active=True)))


def done_of(record: ServiceRecord) -> Done:
    return Done(on=record.done_on, km=record.odometer_km, codes=frozenset(record.items))


def dues_of(
    vehicle: Vehicle,
    plan: MaintenancePlan | None,
    history: Sequence[Done],
    *,
    today: date,
    odometer_km: int | None = None,
) -> list[DueWork]:
    """Each work of the plan; the most urgent first, then by day, then in the plan's order."""
    start = vehicle.counted_from
    found = [
        DueWork(item=item, due=due)
        for item in (plan.items.all() if plan else ())
        if (
            due := rules.due(
                Interval(code=item.code, months=item.every_months, km=item.every_km),
                history=history,
                start=start.on if start else None,
                today=today,
                odometer_km=odometer_km,
            )
        )
    ]
    return sorted(found, key=lambda work: (-work.due.urgency, work.due.on or date.max, work.item.position))


def warranty_of(
    vehicle: Vehicle, plan: MaintenancePlan | None, *, today: date, odometer_km: int | None = None
) -> Warranty | None:
    return rules.warranty(
        start=vehicle.warranty_start,
        months=plan.warranty_months if plan else None,
        km=plan.warranty_km if plan else None,
        today=today,
        odometer_km=odometer_km,
    )


def open_recalls(vehicle: Vehicle) -> QuerySet[Recall]:
    """Those of its model or its VIN that were not carried out on it; the newest first."""
    is_meant = Q(for_models__contains=[vehicle.model]) | Q(vins__contains=[vehicle.vin])
    done = RecallDone.objects.filter(recall=OuterRef("pk"), vehicle=vehicle)
    recalls = Recall.objects.filter(is_meant, ~Exists(done), is_active=True, market__code=vehicle.market_code)
    return recalls.order_by("-opened_on", "pk")
