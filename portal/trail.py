"""How long the audit trail tells who somebody was: seven years, then it keeps what happened alone (docs/privacy.md)."""

from datetime import datetime, timedelta

from django.contrib.admin.models import LogEntry
from django.db import connection, transaction

from portal import audit
from portal.models import PERSONAL_DATA

AT_A_TIME = 1000
# Whole years of the calendar, and a day: no earlier than the database lets it.
KEPT = timedelta(days=7 * 365 + 3)
DESK_LOG_KEPT = timedelta(days=730)

# One condition for finding and changing, so that what is blank is not found again.
BLANK = """
    UPDATE portal_auditrecord SET data = data - %(keys)s::text[] WHERE id IN (
        SELECT id FROM portal_auditrecord WHERE at < %(before)s AND data ?| %(keys)s::text[] ORDER BY id LIMIT %(most)s
    )
"""


def blank_old_records(*, now: datetime) -> int:
    """Takes addresses and typed words off old records; how many. Safe to repeat, and to be killed."""
    count = 0
    values = {"keys": list(PERSONAL_DATA), "before": now - KEPT, "most": AT_A_TIME}
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(BLANK, values)
            blanked = cursor.rowcount
            if blanked:
                audit.record("trail blanked", account=None, by=None, now=now, count=blanked)
        count += blanked
        if blanked < AT_A_TIME:
            return count


def forget_desk_log(*, now: datetime) -> int:
    """Django's own log of the admin: what was done stands in the trail, and its rows name customers."""
    return LogEntry.objects.filter(action_time__lt=now - DESK_LOG_KEPT).delete()[0]
