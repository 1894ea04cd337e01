"""A period is charged once, ever (P4): by eight processes at once, by some that are killed, by two windows."""

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Timer
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction

from subscriptions.actions.begin import begin
from subscriptions.actions.collect import collect
from subscriptions.actions.run import charging_run
from subscriptions.actions.subscribe import subscribe
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.models import Document, Payment, Plan, Subscription
from tests import make
from tests.concurrency.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

KILLED = -9


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "sandbox.sqlite3"


@pytest.fixture
def gateway(state, clock):
    """The provider in a file, so that other processes reach the same one."""
    provider = SandboxProvider(state, clock=clock, return_origins=[make.RETURN_ORIGIN])
    yield InProcessGateway(provider)
    provider.close()


@pytest.fixture
def due_at(market) -> datetime:
    """The morning run of the day on which the trials turn into charges."""
    return datetime(2026, 7, 10, 6, tzinfo=market.zone)


def run_at_once(
    *, state: Path, now: datetime, dying: tuple[str, ...] = (), count: int = 8, calls_at_once: int = 1
) -> list[int]:
    """Return codes of `count` processes that begin a charging run at the same moment."""
    known = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    orders = {
        "database": {key: connection.settings_dict[key] for key in known},
        "state": str(state),
        "now": now.isoformat(),
        "calls_at_once": calls_at_once,
    }
    deaths = [*dying, *[""] * (count - len(dying))]
    processes = [_start(orders | {"dies": dies}) for dies in deaths]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    codes = [process.wait(timeout=50) for process in processes]
    for process in processes:
        process.stdin.close()
        process.stdout.close()
    return codes


def _start(orders: dict) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.concurrency.collector", json.dumps(orders)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, text=True, cwd=settings.BASE_DIR, **pipes)


def numbers() -> list[int]:
    return sorted(Document.objects.values_list("sequence", flat=True))


def test_eight_processes_that_collect_the_same_payment_charge_it_once(car, card, navigation, gateway, state, due_at):
    subscription = make.subscription(car, package=navigation, gateway=gateway)
    assert run_at_once(state=state, now=due_at) == [0] * 8
    assert [charge.key for charge in gateway.charges()] == [f"{subscription.public_id}:0:1"]
    assert Payment.objects.get().status == "succeeded"
    assert numbers() == [1]


def test_workers_that_claim_the_same_batches_charge_each_once(market, navigation, gateway, state, due_at):
    for number in range(1, 31):
        account = make.account(f"owner-{number}@example.com", market=market)
        owned = make.active_car(account, number)
        make.card(account, gateway=gateway)
        make.subscription(owned, package=navigation, gateway=gateway)
    # Who comes first claims them all, and is killed with calls in the air.
    codes = run_at_once(state=state, now=due_at, dying=("after charging",) * 5, count=5, calls_at_once=4)
    assert KILLED in codes
    assert numbers() == []
    charging_run(market=market, now=due_at + timedelta(minutes=16), gateway=gateway)
    assert len(gateway.charges()) == len({charge.key for charge in gateway.charges()}) == 30
    assert set(Payment.objects.values_list("status", flat=True)) == {"succeeded"}
    assert numbers() == list(range(1, 31))


def test_a_row_in_other_hands_is_passed_over_and_comes_last(market, car, card, navigation, gateway, due_at):
    held = make.subscription(car, package=navigation, gateway=gateway)
    holding, let_go = Event(), Event()

    def hold():
        try:
            with transaction.atomic():
                Subscription.objects.select_for_update().get(pk=held.pk)
                holding.set()
                let_go.wait(timeout=30)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as thread:
        holder = thread.submit(hold)
        assert holding.wait(timeout=30)
        assert begin([held.pk], now=due_at).locked == [held.pk]
        Timer(0.5, let_go.set).start()
        collect(market=market, subscription_ids=[held.pk], now=due_at, gateway=gateway, calls_at_once=2)
        holder.result(timeout=30)
    assert held.payments.get().status == "succeeded"


def test_killed_processes_leave_nothing_uncharged_and_nothing_charged_twice(
    market, car, card, gateway, clock, state, due_at
):
    for number in range(40):
        package = make.package(f"package-{number}", market=market, prices={"monthly": "9.90"}, gives_trial=True)
        make.subscription(car, package=package, term="monthly", gateway=gateway)
    codes = run_at_once(state=state, now=due_at, dying=("before charging", "after charging", "while numbering"))
    assert codes == [KILLED, KILLED, KILLED, *[0] * 5]
    assert Payment.objects.filter(status="started").count() == 3
    charging_run(market=market, now=due_at + timedelta(minutes=16), gateway=gateway)
    charged = Counter(charge.key.split(":")[0] for charge in gateway.charges())
    assert charged == {str(subscription.public_id): 1 for subscription in Subscription.objects.all()}
    assert set(Payment.objects.values_list("status", flat=True)) == {"succeeded"}
    assert numbers() == list(range(1, 41))


def order_at_once(car, package, gateway, order_keys) -> Counter[str]:
    """The subscription's id, or why it was refused."""
    plan = Plan.objects.get(package=package, term="monthly")
    who = {"account": car.account, "vehicle": car.vehicle, "by": car.account}
    words = {"order_text": "I order.", "now": make.NOW, "gateway": gateway}
    orders = [partial(subscribe, plan=plan, order_key=key, **who, **words) for key in order_keys]
    return at_once(*orders, say=lambda subscription: str(subscription.public_id))


def test_the_same_form_sent_twice_at_once_orders_once(car, card, digital_key, gateway):
    order_key = uuid4()
    answers = order_at_once(car, digital_key, gateway, [order_key] * 4)
    assert answers == {str(Subscription.objects.get().public_id): 4}
    assert len(gateway.charges()) == 1


def test_two_windows_that_order_at_once_get_one_subscription(car, card, digital_key, gateway):
    answers = order_at_once(car, digital_key, gateway, [uuid4() for _ in range(4)])
    assert answers == {"already_subscribed": 3, str(Subscription.objects.get().public_id): 1}
    assert len(gateway.charges()) == 1
