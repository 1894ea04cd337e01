"""What a dealer did at a car becomes its service history, by a booking or told by the dealer's own system (G8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Dealer
from garage.actions.add import vehicle_of
from garage.actions.locks import lock_car
from garage.maintenance import done_of, open_recalls, plan_of, read_plans
from garage.models import Recall, RecallDone, ServiceRecord, Vehicle, Workshop
from garage.registry import get_registry
from garage.rules import maintenance as rules
from garage.rules.maintenance import Done
from portal import audit, outbox
from portal.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class ToldRecord:
    """By the dealer's own `reference`, under which it is kept once; recalls by their codes."""

    reference: str
    vin: str
    done_on: date
    odometer_km: int
    items: Sequence[str] = ()
    works: Sequence[str] = ()
    recalls: Sequence[str] = ()


@dataclass(kw_only=True)
class TakenRecords:
    kept: int = 0
    known: int = 0
    # By their place in the batch.
    refused: dict[int, Refusal] = field(default_factory=dict)


def take_service_records(*, workshop: Workshop, records: Mapping[int, ToldRecord], now: datetime) -> TakenRecords:
    """Each by itself: the good are kept, told again they are known, and the others have their refusal:
    unknown_vin, told_otherwise, works_unknown, recall_unknown, in_future, nothing_done, reading_does_not_fit.
    """
    taken = TakenRecords()
    for index, told in records.items():
        try:
            is_new = _take(workshop, told, now=now)
        except Refusal as refusal:
            taken.refused[index] = refusal
            continue
        taken.kept += is_new
        taken.known += not is_new
    return taken


def keep_record(
    *,
    vehicle: Vehicle,
    dealer: Dealer,
    done_on: date,
    odometer_km: int,
    items: Sequence[str],
    works: Sequence[str],
    recalls: Sequence[Recall],
    taken_at: datetime,
    now: datetime,
    by: Account | None,
    reference: str = "",
) -> ServiceRecord:
    """Within the car's lock: the record, the recalls that it closes, and the reading for the registry.

    Raises `Refusal`: nothing_done, reading_does_not_fit.
    """
    if not items and not works:
        raise Refusal("nothing_done", _("Say what was done."))
    history = [done_of(record) for record in ServiceRecord.objects.filter(vehicle=vehicle, is_own=False)]
    if not rules.fits(Done(on=done_on, km=odometer_km), history=history):
        raise Refusal("reading_does_not_fit", _("An earlier service has a higher reading. Please read it again."))
    record = ServiceRecord.objects.create(
        vehicle=vehicle,
        done_on=done_on,
        odometer_km=odometer_km,
        items=list(items),
        works=list(works),
        is_own=False,
        dealer=dealer,
        reference=reference,
        entered_by=by,
        recorded_at=now,
    )
    for recall in recalls:
        RecallDone.objects.create(recall=recall, vehicle=vehicle, done_on=done_on)
    outbox.enqueue(
        "registry_reading",
        dedup_key=f"registry_reading:{record.pk}",
        now=now,
        vin=vehicle.vin,
        km=odometer_km,
        taken_at=taken_at.isoformat(),
    )
    return record


def _take(workshop: Workshop, told: ToldRecord, *, now: datetime) -> bool:
    """Whether it was news. The registry is asked before the transaction (law 4)."""
    car = None
    if not Vehicle.objects.filter(vin=told.vin).exists():
        car = get_registry().by_vin(told.vin)
        if car is None:
            raise Refusal("unknown_vin", _("No car of this VIN is known."))
    with transaction.atomic():
        vehicle = vehicle_of(car, now=now) if car else Vehicle.objects.get(vin=told.vin)
        lock_car(vehicle_id=vehicle.pk, account_ids=[])
        # Of two batches with one reference the later one finds what the first has kept.
        Workshop.objects.select_for_update(no_key=True).get(pk=workshop.pk)
        known = ServiceRecord.objects.filter(dealer=workshop.dealer_id, reference=told.reference).first()
        if known is not None:
            _check_the_same(known, vehicle, told)
            return False
        _check_done_by_now(workshop.dealer, told, now=now)
        _check_items(vehicle, told)
        record = keep_record(
            vehicle=vehicle,
            dealer=workshop.dealer,
            done_on=told.done_on,
            odometer_km=told.odometer_km,
            items=told.items,
            works=told.works,
            recalls=_recalls(vehicle, told),
            taken_at=_moment_of(told.done_on, workshop.dealer, now=now),
            now=now,
            by=None,
            reference=told.reference,
        )
        audit.record("service record taken", account=None, by=None, now=now, subject=record)
    return True


def _check_the_same(known: ServiceRecord, vehicle: Vehicle, told: ToldRecord) -> None:
    kept = (known.vehicle_id, known.done_on, known.odometer_km, known.items, known.works)
    if kept != (vehicle.pk, told.done_on, told.odometer_km, list(told.items), list(told.works)):
        raise Refusal("told_otherwise", _("This record was told before with other facts, and cannot be changed."))


def _check_done_by_now(dealer: Dealer, told: ToldRecord, *, now: datetime) -> None:
    if told.done_on > dealer.market.local_date(now):
        raise Refusal("in_future", _("This day is still to come."))


def _check_items(vehicle: Vehicle, told: ToldRecord) -> None:
    plan = plan_of(vehicle, read_plans())
    offered = {item.code for item in plan.items.all()} if plan else set()
    if not set(told.items) <= offered:
        raise Refusal("works_unknown", _("The maintenance plan of this car has no such work."))


def _recalls(vehicle: Vehicle, told: ToldRecord) -> list[Recall]:
    found = list(open_recalls(vehicle).filter(code__in=told.recalls))
    if len(found) < len(set(told.recalls)):
        raise Refusal("recall_unknown", _("No such recall is open for this car."))
    return found


def _moment_of(done_on: date, dealer: Dealer, *, now: datetime) -> datetime:
    """A day has no hour: noon by the dealer's clock, if it has come."""
    return min(datetime.combine(done_on, time(12), tzinfo=dealer.zone), now)
