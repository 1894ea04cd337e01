"""Settings of the Celery processes in these tests: a broker that gives up on a task soon, and a beat that is quick."""

import os

from portal.settings import *  # noqa: F403
from portal.settings import CELERY_BROKER_TRANSPORT_OPTIONS as AS_EVER

# Both intervals of the sweep are one second: with its defaults the broker would look every hundred.
CELERY_BROKER_TRANSPORT_OPTIONS = AS_EVER | {
    "visibility_timeout": 3,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
CELERY_BEAT_SCHEDULE = {
    "charging run": {"task": "subscriptions.tasks.charging_run", "schedule": 1.0},
    "outbox sweep": {"task": "portal.tasks.sweep_outbox", "schedule": 1.0},
}
CHARGING_RUN_HOURS = list(range(24))
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["FAULTS_MAILS"]
