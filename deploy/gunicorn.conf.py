"""How gunicorn serves the portal: `gunicorn --config deploy/gunicorn.conf.py portal.wsgi`.

WEB_BIND, WEB_WORKERS and WEB_THREADS choose; what all processes of the portal share stands in its settings.
"""

import os

from prometheus_client import multiprocess

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "4"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
# A request that takes longer than a minute is lost anyway; what is running as a deploy comes has half of one.
timeout = 60
graceful_timeout = 30
keepalive = 65
# Memory stays flat; whatever leaks all the same is gone within a day, and not in all workers at once.
max_requests = 50_000
max_requests_jitter = 5_000
# The limits of slow and hostile clients, behind a proxy that has its own.
limit_request_line = 4094
limit_request_fields = 100
limit_request_field_size = 8190
# Each request has its line by route in the portal's own log; gunicorn's would have its path and query.
accesslog = None
control_socket_disable = True
# The portal's handlers: JSON lines on the standard error output, without personal data.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.operating.logs.JsonLines"}},
    "filters": {
        "card_numbers": {"()": "portal.card_numbers.MaskCardNumbers"},
        "personal_data": {"()": "portal.operating.logs.MaskPersonalData"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["card_numbers", "personal_data"]}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []}},
}


def child_exit(server, worker):
    """What a worker counted stays; what it measured of itself goes with it."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)
