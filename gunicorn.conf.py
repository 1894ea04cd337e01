"""How the web processes serve; gunicorn reads this by itself, where the portal is.

WEB_BIND, WEB_WORKERS and WEB_THREADS choose; what all processes of the portal share stands in its settings.
"""

import os

from prometheus_client import multiprocess

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "4"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "portal.operating.web_worker.Worker"
# Connections of one process, of which most are idle; those that say nothing are closed after `keepalive` seconds.
worker_connections = 4000
backlog = 4096
keepalive = 5
# A request that takes longer than a minute is lost anyway.
timeout = 60
# A process that was told to end serves what it has in hand for so long.
graceful_timeout = 20
# Memory stays flat; whatever leaks all the same is gone within a day, and not in all workers at once.
max_requests = 50_000
max_requests_jitter = 5_000
# What no page of ours comes near; more is refused (414, 431) before it reaches the portal.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
# Nobody waits longer for a page, and no query of a page works on for nobody.
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "20s")
# Each request has its line by route in the portal's own log; gunicorn's would have its path and query.
accesslog = None
control_socket_disable = True
is_production = os.environ.get("PORTAL_MODE", "production") == "production"
if os.environ.get("LOG_FORMAT", "json" if is_production else "plain") == "json":
    # The portal's handlers: JSON lines on the standard error output, without personal data.
    filters = ["card_numbers", "personal_data"]
    logconfig_dict = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "portal.operating.logs.JsonLines"}},
        "filters": {
            "card_numbers": {"()": "portal.card_numbers.MaskCardNumbers"},
            "personal_data": {"()": "portal.operating.logs.MaskPersonalData"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": filters}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []}},
    }


def child_exit(server, worker):
    """What a worker counted stays; what it measured of itself goes with it."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)
