"""Trips come in by the batch (T1): each is kept once, or left out for a reason; the sums of its day grow with it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.consents import given_since
from accounts.rules.consents import Purpose
from accounts.rules.notices import kept_from
from garage.models import ControlPeriod, DrivingDay, LeftOutDay, Trip, Vehicle
from garage.rules import trips as rules
from garage.rules.scoring import Weighed, weighed
from garage.rules.trips import LeftOut, Privacy, Report, Span
from garage.service_times import Times, times_of
from portal.batches import add_all, insert_new
from portal.models import Market

DAY = ("control", "on")


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of the reports, in their order: None for those that are kept. `new` of them were not known yet."""

    left_out: list[LeftOut | None]
    new: int


@dataclass(frozen=True, kw_only=True)
class _Control:
    """A time of control, and what decides about the trips in it."""

    id: int
    vehicle_id: int
    account_id: int
    span: Span
    market: Market
    consent_since: datetime | None
    service: list[Span]
    # The first day whose trips are still kept.
    kept_from: date


@transaction.atomic
def take_trips(*, reports: Sequence[Report], now: datetime) -> Taken:
    """One batch, whole or not at all. Sent again, in another order or in part, it changes nothing.

    Holds the cars, so that no control moves meanwhile and no sum is lost to a batch beside this one.
    """
    vehicles = _hold({report.vin for report in reports})
    controls = _controls(vehicles.values(), now=now)
    kept, short_or_private, verdicts = [], set(), []
    for report in reports:
        control = _control_at(report, controls.get(vehicles.get(report.vin, 0), ()))
        verdict, on = _judge(report, control)
        if control and not verdict:
            kept.append(_trip(report, control, on=on, now=now))
        elif control and verdict in LeftOutDay.KEPT:
            short_or_private.add((control.id, on, verdict))
        verdicts.append(verdict)
    new = insert_new(kept, known_by=("vehicle", "reported_id"))
    add_all(sums_of(new), known_by=DAY)
    _note_left_out(short_or_private)
    return Taken(left_out=verdicts, new=len(new))


def sums_of(trips: Iterable[Trip]) -> list[DrivingDay]:
    """By control and day."""
    days: dict[tuple[int, date], list[Trip]] = defaultdict(list)
    for trip in trips:
        days[trip.control_id, trip.on].append(trip)
    return [_sums(control_id, on, of_day) for (control_id, on), of_day in days.items()]


def _sums(control_id: int, on: date, trips: list[Trip]) -> DrivingDay:
    def product(name: str) -> Weighed:
        return sum((weighed(trip.distance_m, getattr(trip, name)) for trip in trips), Weighed())

    steady = product("constant_speed")
    return DrivingDay(
        control_id=control_id,
        on=on,
        trips=len(trips),
        partial_trips=sum(trip.is_partial for trip in trips),
        distance_m=sum(trip.distance_m for trip in trips),
        duration_s=sum(trip.duration_s for trip in trips),
        score_product=product("score").product,
        acceleration_product=product("acceleration").product,
        braking_product=product("braking").product,
        constant_speed_product=steady.product,
        constant_speed_m=steady.distance_m,
    )


def _hold(vins: set[str]) -> dict[str, int]:
    """Locks the cars by their number, as all who hold several do (`garage/actions/locks.py`)."""
    held = Vehicle.objects.select_for_update(of=["self"], no_key=True).filter(vin__in=vins).order_by("pk")
    return dict(held.values_list("vin", "pk"))


def _controls(vehicle_ids: Iterable[int], *, now: datetime) -> dict[int, list[_Control]]:
    periods = list(ControlPeriod.objects.filter(vehicle__in=list(vehicle_ids)).select_related("account"))
    consents = given_since({period.account_id for period in periods}, Purpose.DRIVING)
    pairs = {(period.account_id, period.vehicle_id) for period in periods if period.account_id in consents}
    times = times_of(rules.SERVICE, pairs, now=now)
    markets = Market.objects.in_bulk({period.account.market_id for period in periods})
    controls: dict[int, list[_Control]] = defaultdict(list)
    for period in periods:
        market = markets[period.account.market_id]
        controls[period.vehicle_id].append(_control(period, market, consents.get(period.account_id), times, now=now))
    return controls


def _control(
    period: ControlPeriod, market: Market, consent_since: datetime | None, times: Times, *, now: datetime
) -> _Control:
    return _Control(
        id=period.pk,
        vehicle_id=period.vehicle_id,
        account_id=period.account_id,
        span=Span(period.started_at, period.ended_at),
        market=market,
        consent_since=consent_since,
        service=times.get((period.account_id, period.vehicle_id), []),
        kept_from=kept_from(today=market.local_date(now), months=rules.KEPT_MONTHS),
    )


def _control_at(report: Report, controls: Iterable[_Control]) -> _Control | None:
    """That in which the trip began: a new account sees nothing from before its own start (D4)."""
    return next((control for control in controls if report.started_at in control.span), None)


def _judge(report: Report, control: _Control | None) -> tuple[LeftOut | None, date]:
    if control is None:
        return LeftOut.NOBODY, report.started_at.date()
    on = control.market.local_date(report.started_at)
    verdict = rules.why_left_out(
        report, on=on, kept_from=control.kept_from, consent_since=control.consent_since, service=control.service
    )
    return verdict, on


def _trip(report: Report, control: _Control, *, on: date, now: datetime) -> Trip:
    return Trip(
        vehicle_id=control.vehicle_id,
        control_id=control.id,
        reported_id=report.id,
        started_at=report.started_at,
        ended_at=report.ended_at,
        on=on,
        distance_m=report.distance_m,
        duration_s=report.duration_s,
        acceleration=report.acceleration,
        braking=report.braking,
        constant_speed=report.constant_speed,
        sent_score=report.score,
        score=report.shown_score,
        is_partial=report.privacy_mode == Privacy.PART,
        received_at=now,
    )


def _note_left_out(days: set[tuple[int, date, LeftOut]]) -> None:
    rows = [LeftOutDay(control_id=control_id, on=on, reason=reason) for control_id, on, reason in sorted(days)]
    insert_new(rows, known_by=("control", "on", "reason"))
