"""Loaded once by the process from which the actors are forked: Django is set up, and nothing is connected."""

import logging
import os
import random
import signal
import time
from contextlib import suppress
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_MODE", "test")
django.setup()

import time_machine  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import OperationalError, connections  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from garage.registry.loading import load_file  # noqa: E402
from portal import outbox  # noqa: E402
from portal.models import Market, OutboxMessage  # noqa: E402
from portal.tasks import sweep_outbox  # noqa: E402
from subscriptions import tasks, webhooks  # noqa: E402
from subscriptions.actions import refund  # noqa: E402
from subscriptions.actions.run import charging_run  # noqa: E402
from subscriptions.gateway import get_gateway  # noqa: E402
from subscriptions.gateway.sandbox.client import SandboxGateway  # noqa: E402
from tests.faults.actors import MONEY_CALLS, Orders, Steps  # noqa: E402
from tests.faults.bank import SECRET, WEBHOOK_SECRET  # noqa: E402


def perform(orders: Orders, steps: Steps) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logging.disable(logging.CRITICAL)
    settings.DATABASES["default"].update(orders.database)
    # Something has looked at the connection without opening it: it would be of the embedded kind.
    with suppress(AttributeError):
        del connections["default"]
    for name, value in (_choices(orders) | orders.settings).items():
        setattr(settings, name, value)

    def watch(connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(steps.around_statement)
        if orders.rolls_back:
            connection.execute_wrappers.append(partial(_break_some, chance=orders.rolls_back))

    connection_created.connect(watch, weak=False)
    for name in MONEY_CALLS:
        setattr(SandboxGateway, name, steps.around_call(getattr(SandboxGateway, name)))
    with time_machine.travel(orders.now, tick=True):
        ACTS[orders.act](orders)
    connections.close_all()


def _choices(orders: Orders) -> dict[str, Any]:
    return {
        "SANDBOX_URL": orders.bank_url,
        "SANDBOX_SECRET": SECRET,
        "WEBHOOK_SECRETS": [WEBHOOK_SECRET],
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "CELERY_TASK_ALWAYS_EAGER": True,
        "CHARGING_RUN_HOURS": list(range(24)),
    }


def _break_some(execute: Any, statement: str, *arguments: Any, chance: float) -> Any:
    """After a document was written, its transaction fails now and then."""
    done = execute(statement, *arguments)
    if statement.startswith('INSERT INTO "subscriptions_document"') and random.random() < chance:
        raise OperationalError("broken off by a test")
    return done


def run(orders: Orders) -> None:
    charging_run(market=Market.objects.get(), now=orders.now, gateway=get_gateway())


def pay_back(orders: Orders) -> None:
    """Of what waits in the outbox, the refunds alone: a mail with its PDF takes long."""
    for message in OutboxMessage.objects.filter(handler="refund", pk__in=_waiting(orders)):
        outbox.deliver(message.pk, now=orders.now)


def scheduled_run(orders: Orders) -> None:
    """As beat wakes it, with this process's own clock."""
    tasks.charging_run()


def sweep(orders: Orders) -> None:
    sweep_outbox()


def _waiting(orders: Orders) -> list[int]:
    """As the sweep takes it, apart from the mails: a thousand of these may stand in front, for nobody sends them."""
    return outbox.waiting_by_queue(now=orders.now)[None]


def work(orders: Orders) -> None:
    """What waits in the outbox but the mails, all of it at the moment of the orders, however far away that is."""
    at = {"now": orders.now, "gateway": get_gateway()}
    outbox.register("refund", partial(refund.send_refund, **at))
    outbox.register("provider_event", partial(webhooks.handle, **at))
    waiting = OutboxMessage.objects.filter(pk__in=_waiting(orders))
    for message in waiting.filter(handler__in=["refund", "provider_event"]):
        outbox.deliver(message.pk, now=orders.now)


def state_a_withdrawal(orders: Orders) -> None:
    """A page that asks the worker for something, as a visitor sends it; it must come within so many seconds."""
    number, email, seconds = settings.STATED
    page, visitor = reverse("withdrawal_statement"), Client(SERVER_NAME="localhost")
    visitor.get(page)
    began = time.perf_counter()
    answer = visitor.post(page, {"contract_number": number, "email": email, "confirmed": "1"})
    assert (answer.status_code, time.perf_counter() - began < seconds) == (302, True)


def import_cars(orders: Orders) -> None:
    load_file(settings.CARS, now=orders.now, report=print)


ACTS = {
    "import cars": import_cars,
    "state a withdrawal": state_a_withdrawal,
    "run": run,
    "pay back": pay_back,
    "scheduled run": scheduled_run,
    "sweep": sweep,
    "work": work,
}
