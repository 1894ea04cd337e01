"""Settings of the soak's web, workers and beat: real mail, a cache that can be lost, and a beat that is quick."""

import os

from tests.faults.worker_settings import *  # noqa: F403
from tests.faults.worker_settings import CELERY_BEAT_SCHEDULE as QUICK

CACHES = {"default": {"BACKEND": "portal.operating.shared_cache.SharedCache", "LOCATION": os.environ["SOAK_CACHE"]}}
CELERY_BEAT_SCHEDULE = QUICK | {
    "expiry notices": {"task": "subscriptions.tasks.send_expiry_notices", "schedule": 5.0},
}
EMAIL_BACKEND = "portal.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS = "127.0.0.1", int(os.environ["SOAK_MAIL_PORT"]), False
EMAIL_TIMEOUT, EMAIL_TIME_LIMIT = 2, 5
