"""The audit trail of a period, row by row, for whoever has to look at it elsewhere: CSV, or JSON lines (K3).

Read in pieces by the key of the table, so that a million rows are a matter of time and not of memory.
"""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from portal.files.spreadsheets import cell
from portal.models import AuditRecord

CSV, JSON_LINES = "csv", "jsonl"
MEDIA_TYPES = {CSV: "text/csv; charset=utf-8", JSON_LINES: "application/jsonl"}
COLUMNS = ("id", "at", "on", "what", "account", "by", "subject_type", "subject_id", "data")
AT_A_TIME = 2000


def of_days(first: date, last: date, zone: ZoneInfo) -> QuerySet[AuditRecord]:
    """The first and the last day included, by that clock."""
    begins, ends = (datetime.combine(day, time(), tzinfo=zone) for day in (first, last + timedelta(days=1)))
    return AuditRecord.objects.filter(at__gte=begins, at__lt=ends)


def written(records: QuerySet[AuditRecord], form: str) -> Iterator[str]:
    return _as_csv(_rows(records)) if form == CSV else _as_json_lines(_rows(records))


def _rows(records: QuerySet[AuditRecord]) -> Iterator[dict[str, Any]]:
    """Accounts by their public ids: with them a row is found in the admin, and names nobody outside."""
    ordered = records.order_by("pk").select_related("account", "by")
    last = 0
    while piece := list(ordered.filter(pk__gt=last)[:AT_A_TIME]):
        last = piece[-1].pk
        for record in piece:
            row = {name: getattr(record, name) for name in COLUMNS}
            yield row | {name: _public(row[name]) for name in ("account", "by")}


def _public(account: Any) -> str:
    return str(account.public_id) if account else ""


def _as_csv(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in rows:
        yield _line([cell(row[name]) for name in COLUMNS])


def _line(cells: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _as_json_lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"
