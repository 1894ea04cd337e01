"""The one clock that all processes share is the database's: a worker's own may be wrong (fault 33)."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The present moment, aware, as the database has it. Tasks that move money read it once and pass it down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment
