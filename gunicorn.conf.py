"""How the web processes serve; gunicorn reads this by itself. Bind, workers and threads are the command's to choose."""

import os

worker_class = "portal.web_worker.Worker"
# Connections of one process, of which most are idle; those that say nothing are closed after `keepalive` seconds.
worker_connections = 4000
backlog = 4096
keepalive = 5
# What no page of ours comes near; more is answered 400 before it reaches the portal.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
# A process that was told to end serves what it has in hand for so long.
graceful_timeout = 20
# Nobody waits longer for a page, and no query of a page works on for nobody.
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "20s")
