"""What runs by itself: the beat schedule names tasks that there are, the outbox handlers that there are."""

import re
from pathlib import Path

import pytest
from celery.schedules import crontab
from django.conf import settings

from portal import celery_app, outbox
from tests.meta.test_layout import APPS, ROOT

DUE = {"subscriptions.tasks.charging_run", "subscriptions.tasks.send_expiry_notices", "portal.tasks.sweep_outbox"}


@pytest.fixture(scope="module")
def schedule():
    return {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_charging_and_warning_stand_in_the_schedule(schedule):
    assert schedule.keys() >= DUE


def test_the_ledger_is_checked_and_compared_every_night(schedule):
    for task in ("check_ledger", "compare_with_provider"):
        assert len(schedule[f"subscriptions.tasks.{task}"].hour) == 1


def test_every_scheduled_task_is_known_to_the_worker(schedule):
    celery_app.loader.import_default_modules()
    assert schedule.keys() <= celery_app.tasks.keys()


def test_charging_and_warning_are_looked_at_in_every_hour(schedule):
    hourly = [schedule[task] for task in DUE if isinstance(schedule[task], crontab)]
    assert len(hourly) == 2
    assert all(each.hour == set(range(24)) for each in hourly)


def test_charging_runs_in_the_morning_and_in_the_evening():
    assert settings.CHARGING_RUN_HOURS == [6, 18]


def test_every_outbox_handler_that_is_asked_for_is_registered():
    asked_for = set()
    for path in (file for app in APPS for file in (ROOT / app).rglob("*.py")):
        asked_for |= set(re.findall(r"enqueue(?:_all)?\(\s*\"(\w+)\"", Path(path).read_text()))
    assert asked_for == outbox.HANDLERS.keys()
