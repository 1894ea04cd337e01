"""Work that needs a lock for a moment, and must not make everybody wait for it (fault 42)."""

import time
from collections.abc import Callable

from django.db import OperationalError, connection
from psycopg import errors

# Whoever wants to read stands behind a migration that waits for its lock: for so long at most, then it lets them by.
LOCK_TIMEOUT = "1s"
TRIES = 20
PAUSE_SECONDS = 3.0


def patiently(
    work: Callable[[], object], *, say: Callable[[str], object], tries: int = TRIES, pause: float = PAUSE_SECONDS
) -> None:
    """Does the work with a short patience for locks, again and again; whatever it had begun is rolled back each time.

    `work` must go on where it stopped, as migrating does. Raises the last `OperationalError`."""
    for left in range(tries - 1, -1, -1):
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            work()
            return
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, errors.LockNotAvailable):
                raise
            say(f"Somebody holds a lock: again in {pause:.0f} s, {left} times more.")
            time.sleep(pause)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
