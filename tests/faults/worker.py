"""`celery -A tests.faults.worker`: the portal's application, in which a child may be killed between done and acked."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery.signals import task_postrun

from portal.celery import app

__all__ = ["app"]


@task_postrun.connect
def die_before_the_acknowledgement(sender: Any = None, **_: Any) -> None:
    """Once for each file DIE_AFTER.<task>: the child that takes it away is the one that dies."""
    with suppress(OSError):
        (Path(os.environ["FAULTS_MAILS"]) / f"DIE_AFTER.{sender.name}").unlink()
        os.kill(os.getpid(), signal.SIGKILL)
