"""Sessions that wait for a lock in this test's own database: those of tests beside it are none of its business."""

import time
from typing import Any

# A waiting session holds something of its database at least; what it waits for may be a transaction, which is of none.
WAITING = """
SELECT DISTINCT waits.pid FROM pg_locks AS waits JOIN pg_locks AS held ON held.pid = waits.pid
WHERE NOT waits.granted AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
PATIENCE_SECONDS = 20


def wait_until_somebody_waits(session: Any) -> None:
    """`session` is a cursor or a connection of psycopg."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _waiting(session):
        assert time.monotonic() < deadline, "nobody waits for a lock"
        time.sleep(0.02)


def end_all_that_wait(session: Any) -> None:
    for pid in _waiting(session):
        session.execute("SELECT pg_terminate_backend(%s)", [pid])


def _waiting(session: Any) -> list[int]:
    return [pid for (pid,) in session.execute(WAITING).fetchall()]
