"""Writing the audit trail. Called inside the transaction of the action that it records."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from portal.batches import insert_all
from portal.models import AuditRecord

if TYPE_CHECKING:
    from accounts.models import Account

# The client of the API in whose call the records are written, where no account stands behind it.
_THROUGH: ContextVar[str] = ContextVar("through", default="")


@contextmanager
def through(client_id: str) -> Iterator[None]:
    """What is recorded meanwhile says that it came by this client."""
    before = _THROUGH.set(client_id)
    try:
        yield
    finally:
        _THROUGH.reset(before)


def record(
    what: str,
    *,
    account: "Account | None",
    by: "Account | None",
    now: datetime,
    subject: Model | None = None,
    **data: Any,
) -> AuditRecord:
    """Appends one record. `by` is None for the scheduled jobs. Amounts and dates in `data` are kept as strings."""
    one = unsaved(what, account=account, by=by, now=now, subject=subject, **data)
    one.save(force_insert=True)
    return one


def append(records: Sequence[AuditRecord]) -> None:
    """Appends records of several rows in one statement, in their order."""
    insert_all(records)


def unsaved(
    what: str,
    *,
    account: "Account | None",
    by: "Account | None",
    now: datetime,
    subject: Model | None = None,
    **data: Any,
) -> AuditRecord:
    """A record for `append`; the arguments are those of `record`."""
    zone_date = account.market.local_date(now) if account else now.date()
    return AuditRecord(
        at=now,
        on=zone_date,
        what=what,
        account=account,
        by=by,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        data={key: _plain(value) for key, value in data.items()} | _channel(),
    )


def _channel() -> dict[str, str]:
    client_id = _THROUGH.get()
    return {"through": client_id} if client_id else {}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date | datetime) else value
