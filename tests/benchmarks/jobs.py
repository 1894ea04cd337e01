"""Work that no page does: cars imported, trips that come in, sweeps that find nothing, and a worker's memory."""

import csv
import gc
import io
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psutil
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from garage.actions.take_trips import take_trips
from garage.models import Trip
from garage.rules.trips import Privacy, Report
from portal import celery_app, outbox
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import People, lead_to
from tests.benchmarks.harness import Variant, rates, ratios
from tests.benchmarks.report import Found, Line

CARS, TRIPS = 500, 500
CALLED = "portal.tasks.deliver_outbox_message"
# The runs that read what is due; what they find the first time is done then, and not measured.
SWEEPS = tuple(sorted({each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}))
# They ask the provider, which is not here, or answer for it; they read all there is, once a night; they look at each
# car, once a day, of which `make proof` knows how long it takes (A day's notices).
LEFT_OUT = frozenset(
    {
        *(f"subscriptions.tasks.{name}" for name in ("charging_run", "answer_for_cars", "compare_with_provider")),
        "subscriptions.tasks.check_ledger",
        *(f"garage.tasks.{name}" for name in ("remind_of_service", "tell_of_open_recalls")),
    }
)


def measure(bench: Bench) -> Iterator[Line]:
    for part in (_imports, _trips, _sweeps, _memory):
        yield from part(bench)


def _imports(bench: Bench) -> Found:
    numbers = count(1)

    def work(people: People) -> Callable[[float], int]:
        def bring(seconds: float) -> int:
            lead_to(people.name)
            until, done = time.perf_counter() + seconds, 0
            while not done or time.perf_counter() < until:
                _import(next(numbers))
                done += CARS
            return done

        return bring

    return _by_size(bench, "k", "Cars imported a second", work)


def _import(number: int) -> None:
    """A file of cars that nobody knows yet."""
    names = "vin,plate,model,body,colour,colour_hex,powertrain,multimedia,market,warranty_start,purchased_on"
    names += ",first_registered_on,odometer_km,odometer_at,capabilities"
    facts = ["NX 350h", "suv", "Red", "#8a1c2b", "hybrid", "MM21", "CY", "2024-03-15", "2024-03-15", "2024-03-15"]
    # One run's cars are not another's.
    first = time.time_ns() // 1000 % 10**9
    rows = [[f"JTJX{(first + number * CARS + car) % 10**13:013d}", "", *facts, "1000", "", ""] for car in range(CARS)]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "cars.csv"
        with file.open("w", newline="") as opened:
            csv.writer(opened).writerows([names.split(","), *rows])
        call_command("import_vehicles", str(file), "--readings-at", "now", stdout=io.StringIO())


def _trips(bench: Bench) -> Found:
    def work(people: People) -> Callable[[float], int]:
        lead_to(people.name)
        vins = list(Trip.objects.order_by("-pk").values_list("vehicle__vin", flat=True)[:TRIPS])

        def take(seconds: float) -> int:
            lead_to(people.name)
            until, done = time.perf_counter() + seconds, 0
            while not done or time.perf_counter() < until:
                now = timezone.now()
                done += take_trips(reports=[_report(vin, now) for vin in vins], now=now).new
            return done

        return take

    return _by_size(bench, "l", "Trips taken in a second, in batches", work)


def _report(vin: str, now: datetime) -> Report:
    facts = {"acceleration": Decimal(80), "braking": Decimal(70), "constant_speed": None, "score": None}
    times = {"started_at": now - timedelta(hours=2), "ended_at": now - timedelta(hours=1), "duration_s": 3600}
    return Report(id=uuid4(), vin=vin, distance_m=30_000, privacy_mode=Privacy.OFF, **times, **facts)


def _sweeps(bench: Bench) -> Found:
    """Every other task of the schedule, once all there was to do is done."""

    def work(people: People) -> Callable[[float], int]:
        lead_to(people.name)
        with outbox.asleep():
            _sweep()

        def sweep(_seconds: float) -> int:
            lead_to(people.name)
            with outbox.asleep():
                _sweep()
            return 1

        return sweep

    return _by_size(bench, "m", "The schedule's sweeps a second, with nothing to do", work)


def _sweep() -> None:
    celery_app.loader.import_default_modules()
    for name in SWEEPS:
        if name not in LEFT_OUT:
            celery_app.tasks[name].apply(throw=True)


def _memory(bench: Bench) -> Found:
    """Of a process that does task after task, each with a look into the database: a tenth of them to warm up."""
    lead_to(bench.people[0].name)
    task, ours, tasks = celery_app.tasks[CALLED], psutil.Process(), bench.extent.tasks
    figures = []
    for upto in (tasks // 10, tasks):
        for number in range(upto - (tasks // 10 if figures else 0)):
            task.apply(args=[-number - 1])
        gc.collect()
        figures.append(ours.memory_info().rss / 2**20)
    beside = f"{figures[0]:.0f} MB after {tasks // 10:,}, {figures[1]:.0f} MB after {tasks:,} tasks"
    return [Line("n1", "Memory of a worker: last to first", "", [figures[1] / figures[0]], beside, at_most=1.1)]


def _by_size(bench: Bench, code: str, what: str, work: Callable[[People], Callable[[float], int]]) -> Found:
    variants = [Variant(f"{people.size:,}", work(people)) for people in bench.people]
    done = bench.interleave(variants)
    small, *larger = [variant.name for variant in variants]
    first = Line(f"{code}1", f"{what}, at {small} customers", "/s", rates(done, small))
    return [
        first,
        *(
            Line(f"{code}{number}", f"The same at {size} customers: of that", "", ratios(done, size, to=small))
            for number, size in enumerate(larger, 2)
        ),
    ]
