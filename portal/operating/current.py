"""What this thread is at work on, for whoever writes a line about it: a request, a task."""

import re
import uuid
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
task_id: ContextVar[str] = ContextVar("task_id", default="")
task_name: ContextVar[str] = ContextVar("task_name", default="")
account_id: ContextVar[str] = ContextVar("account_id", default="")

# What proxies and tracing send. Nothing else is taken over: a name or a line of its own would reach the log.
TAKEN_OVER = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def id_for(offered: str) -> str:
    """The id that a proxy in front gave the request, else one of our own."""
    return offered if TAKEN_OVER.fullmatch(offered) else uuid.uuid4().hex
