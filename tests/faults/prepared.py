"""Loaded once by the process from which the actors are forked: Django is set up, and nothing is connected."""

import logging
import os
import signal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_MODE", "test")
django.setup()

import time_machine  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402

from portal import outbox  # noqa: E402
from portal.models import Market  # noqa: E402
from portal.tasks import sweep_outbox  # noqa: E402
from subscriptions import tasks  # noqa: E402
from subscriptions.actions.run import charging_run  # noqa: E402
from subscriptions.gateway import get_gateway  # noqa: E402
from subscriptions.gateway.sandbox.client import SandboxGateway  # noqa: E402
from tests.faults.actors import MONEY_CALLS, Orders, Steps  # noqa: E402
from tests.faults.bank import SECRET, WEBHOOK_SECRET  # noqa: E402


def perform(orders: Orders, steps: Steps) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logging.disable(logging.CRITICAL)
    settings.DATABASES["default"].update(orders.database)
    choices: dict[str, Any] = {
        "SANDBOX_URL": orders.bank_url,
        "SANDBOX_SECRET": SECRET,
        "WEBHOOK_SECRETS": [WEBHOOK_SECRET],
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "CELERY_TASK_ALWAYS_EAGER": True,
        "CHARGING_RUN_HOURS": list(range(24)),
    }
    for name, value in (choices | orders.settings).items():
        setattr(settings, name, value)

    def watch(connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(steps.around_statement)

    connection_created.connect(watch)
    for name in MONEY_CALLS:
        setattr(SandboxGateway, name, steps.around_call(getattr(SandboxGateway, name)))
    with time_machine.travel(orders.now, tick=True):
        ACTS[orders.act](orders)
    connections.close_all()


def run(orders: Orders) -> None:
    charging_run(market=Market.objects.get(), now=orders.now, gateway=get_gateway())


def deliver(orders: Orders) -> None:
    for message_id in outbox.waiting(now=orders.now):
        outbox.deliver(message_id, now=orders.now)


def scheduled_run(orders: Orders) -> None:
    """As beat wakes it, with this process's own clock."""
    tasks.charging_run()


def sweep(orders: Orders) -> None:
    sweep_outbox()


ACTS = {"run": run, "deliver": deliver, "scheduled run": scheduled_run, "sweep": sweep}
