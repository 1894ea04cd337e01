"""How fast trips come in over the API, and whether their sums are then what the rows add up to (T1, T3).

    .venv/bin/python -m tests.benchmarks.trips                       1,000,000 trips of 5,000 cars
    .venv/bin/python -m tests.benchmarks.trips --trips 20000 --cars 200

The whole way: HTTP on the loopback, gunicorn with two processes, tokens by client credentials, PostgreSQL as safe at a
power cut as a real one. One trip in fifty is sent twice, all of a car come out of order, and one in a hundred is bad.
Ends with 1 if a sum is wrong or a trip is missing.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

REPOSITORY = Path(__file__).resolve().parents[2]
STATE = REPOSITORY / "var" / "bench-trips"
BATCH, PROCESSES, AT_ONCE = 1000, 2, 4
# The first car has so many of the trips, however many there are.
OF_ONE_CAR = 20_000
TWICE, BAD = 50, 100
SPAN = timedelta(days=700)


def main() -> int:
    options = _options()
    state = options.state.resolve()
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(parents=True)
    _prepare_environment(state)
    import django

    django.setup()
    from django.core.management import call_command

    from portal import embedded
    from tests.benchmarks.harness import Cpu

    host = embedded.ensure_postgres(state)
    call_command("migrate", verbosity=0, interactive=False)
    begun = datetime.now(UTC) - SPAN
    vins, secret = _population(options.cars, begun=begun)
    batches, expected = _batches(vins, options.trips, begun=begun)
    cpu = Cpu(host / "data" / "postmaster.pid")
    with _server() as port:
        before = cpu.read()
        answers, seconds = _send(port, secret, batches)
        ours, database = (after - earlier for after, earlier in zip(cpu.read(), before, strict=True))
    print(f"{options.trips:,} trips of {options.cars:,} cars in {len(batches):,} calls: {seconds:.1f} s,", end=" ")
    print(f"{options.trips / seconds:,.0f} trips a second; {dict(answers)}")
    print(f"CPU: {ours:.1f} s of the web processes and this one, {database:.1f} s of PostgreSQL")
    is_right = _recounted(expected)
    _pages(vins)
    facts = {"trips": answers["kept"], "seconds": round(seconds), "a second": round(options.trips / seconds)}
    print(json.dumps(facts))
    return int(not is_right or answers["kept"] != expected)


def _population(cars: int, *, begun: datetime) -> tuple[list[str], str]:
    """Accounts that agree, each with a car under its control whose service runs; the machine's secret."""
    from accounts.identity.clients import find_client, give_secret
    from accounts.models import Account, ConsentChange, TermsAcceptance, TermsVersion
    from garage.models import ControlPeriod, Membership, Vehicle
    from tests import make, oidc
    from tests.garage.driving import driving_package

    market = make.market()
    driving_package(market)
    wording, terms = make.consent_wordings(market)["driving_analytics"], TermsVersion.objects.get()
    numbers = range(cars)
    accounts = Account.objects.bulk_create(
        [Account(email=f"driver{number}@example.com", market=market, password="!") for number in numbers],
        batch_size=BATCH,
    )
    vins = [f"JTJSAMP{number:010d}" for number in numbers]
    facts: dict[str, Any] = {"model": "NX 350h", "body": "suv", "colour": "Red", "colour_hex": "#8a1c2b"}
    facts |= {"powertrain": "hybrid", "multimedia": "MM21", "market_code": "CY", "added_at": begun}
    vehicles = Vehicle.objects.bulk_create([Vehicle(vin=vin, **facts) for vin in vins], batch_size=BATCH)
    pairs = list(zip(accounts, vehicles, strict=True))
    TermsAcceptance.objects.bulk_create(
        [TermsAcceptance(account=one, version=terms, accepted_at=begun, channel="portal") for one in accounts],
        batch_size=BATCH,
    )
    given: dict[str, Any] = {"purpose": "driving_analytics", "number": 1, "is_given": True, "at": begun}
    given |= {"channel": "portal", "wording": wording, "language": "en", "shown": "shown", "shown_sha256": "0" * 64}
    ConsentChange.objects.bulk_create([ConsentChange(account=one, **given) for one in accounts], batch_size=BATCH)
    ControlPeriod.objects.bulk_create(
        [ControlPeriod(account=one, vehicle=vehicle, started_at=begun) for one, vehicle in pairs],
        batch_size=BATCH,
    )
    link: dict[str, Any] = {"linked_at": begun, "verified_at": begun, "is_active": True, "is_selected": True}
    Membership.objects.bulk_create(
        [Membership(account=one, vehicle=vehicle, identified_as=vehicle.vin, **link) for one, vehicle in pairs],
        batch_size=BATCH,
    )
    oidc.clients()
    client = find_client(oidc.VEHICLE_BACKEND)
    assert client
    return vins, give_secret(client)


def _batches(vins: list[str], count: int, *, begun: datetime) -> tuple[list[bytes], int]:
    """Made before anything is measured; and how many different good trips there are in them."""
    chance = random.Random(1)
    good, batches = set(), []
    last: dict[str, Any] = {}
    for first in range(0, count, BATCH):
        trips = []
        for number in range(first, min(first + BATCH, count)):
            if last and chance.randrange(TWICE) == 0:
                trips.append(last)
                continue
            vin = vins[0] if number % max(count // OF_ONE_CAR, 2) == 0 else chance.choice(vins)
            trips.append(_trip(vin, begun, chance))
            if chance.randrange(BAD) == 0:
                trips[-1]["braking"] = 101
            else:
                last = trips[-1]
                good.add(last["id"])
        batches.append(json.dumps({"trips": trips}).encode())
    return batches, len(good)


def _trip(vin: str, begun: datetime, chance: random.Random) -> dict[str, Any]:
    seconds = chance.randrange(120, 5400)
    at = begun + timedelta(seconds=chance.randrange(int(SPAN.total_seconds()) - 6000))
    return {
        "id": str(UUID(int=chance.getrandbits(128))),
        "vin": vin,
        "started_at": at.isoformat(),
        "ended_at": (at + timedelta(seconds=seconds)).isoformat(),
        "distance_m": chance.randrange(500, 90_000),
        "duration_s": seconds,
        "acceleration": chance.randrange(101),
        "braking": chance.randrange(101),
        "constant_speed": None if chance.randrange(4) == 0 else chance.randrange(10_001) / 100,
        "score": None if chance.randrange(2) == 0 else chance.randrange(101),
        "privacy_mode": "part" if chance.randrange(20) == 0 else "off",
    }


class _server:  # noqa: N801  (used as a context)
    """The web process as production starts it, on a free port."""

    def __enter__(self) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        command = ["gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", str(PROCESSES)]
        options = ["--threads", "2", "--log-level", "error", "--timeout", "120", "--keep-alive", "60"]
        self.process = subprocess.Popen([sys.executable, "-m", *command, *options], cwd=REPOSITORY)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return port
            time.sleep(0.1)
        raise RuntimeError("gunicorn did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def _send(port: int, secret: str, batches: list[bytes]) -> tuple[Counter[str], float]:
    """All of them, so many calls in the air at once; what the answers count, and the seconds."""

    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=120) for _ in range(AT_ONCE)]
    # So that the processes have loaded what they need before the clock runs.
    tokens = [_token(connection, secret) for connection in connections for _ in range(2)]

    def worker(nth: int) -> Counter[str]:
        found: Counter[str] = Counter()
        headers = {"Authorization": f"Bearer {tokens[nth]}", "Content-Type": "application/json"}
        for number in range(nth, len(batches), AT_ONCE):
            key = {"Idempotency-Key": f"batch-{number:08}"}
            connections[nth].request("POST", "/api/v1/trips/", batches[number], headers | key)
            answer = connections[nth].getresponse()
            body = json.loads(answer.read())
            assert answer.status == 200, body
            found.update(kept=body["kept"], known=body["known"], refused=len(body["refused"]))
            found.update(left_out=len(body["left_out"]))
        return found

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        counts = sum(threads.map(worker, range(AT_ONCE)), Counter())
    return counts, time.perf_counter() - began


def _token(connection: http.client.HTTPConnection, secret: str) -> str:
    from tests import oidc

    basic = b64encode(f"{oidc.VEHICLE_BACKEND}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/identity/token", "grant_type=client_credentials", headers)
    return str(json.loads(connection.getresponse().read())["access_token"])


def _recounted(expected: int) -> bool:
    from garage.driving.check import misplaced, wrong_days
    from garage.models import DrivingDay, Trip

    began = time.perf_counter()
    wrong, outside, trips = len(list(wrong_days())), misplaced().count(), Trip.objects.count()
    seconds = time.perf_counter() - began
    print(
        f"{trips:,} trips kept ({expected:,} good ones sent), {DrivingDay.objects.count():,} days with sums;", end=" "
    )
    print(f"counted again in {seconds:.1f} s: {wrong} days and {outside} trips are wrong")
    return not wrong and not outside and trips == expected


def _pages(vins: list[str]) -> None:
    """Pages of the car with the most trips and of another one, side by side."""
    from django.test import Client
    from django.urls import reverse

    from garage.models import Membership

    pages: list[tuple[str, str, Callable[[], object]]] = []
    for name in ("driving", "driving_trips"):
        for vin in (vins[0], vins[1]):
            link = Membership.objects.select_related("account").get(vehicle__vin=vin)
            client = Client(headers={"host": "localhost"})
            client.force_login(link.account)
            path = reverse(name, args=[link.public_id])
            pages.append((name, f"{link.vehicle.trips.count():,} trips", lambda c=client, p=path: c.get(p)))  # type: ignore[misc]
    for name, trips, get in pages:
        print(f"{name}, a car with {trips}: {_median_ms(get):.0f} ms")


def _median_ms(get: Callable[[], Any]) -> float:
    def times() -> Iterator[float]:
        for _ in range(15):
            began = time.perf_counter()
            assert get().status_code == 200
            yield (time.perf_counter() - began) * 1000

    return statistics.median(list(times())[2:])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.trips")
    parser.add_argument("--trips", type=int, default=1_000_000)
    parser.add_argument("--cars", type=int, default=5_000)
    parser.add_argument("--state", type=Path, default=STATE, help="where the server's data stand; emptied first")
    return parser.parse_args()


def _prepare_environment(state: Path) -> None:
    for name in ("DATABASE_URL", "PYTEST_CURRENT_TEST"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_MODE": "development",
        "PORTAL_STATE_DIR": str(state),
        "DEBUG": "0",
        "LOG_LEVEL": "ERROR",
    }


if __name__ == "__main__":
    sys.exit(main())
