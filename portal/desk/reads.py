"""Which pages about a customer staff have opened: written by the admin, shown to the customer (D1)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model

from portal.models import StaffRead

# Opening the same page again within so many seconds is one read.
SPAN = 600


def note_read(*, subject: Model, accounts: Iterable[int], by: Any, now: datetime) -> None:
    """One row for each customer whom the page is about, and none for one's own page; a reload adds nothing."""
    StaffRead.objects.bulk_create(
        [
            StaffRead(
                at=now,
                account_id=account_id,
                by=by,
                role=_role_of(by),
                subject_type=subject._meta.label_lower,
                subject_id=subject.pk,
                span=int(now.timestamp()) // SPAN,
            )
            for account_id in sorted(set(accounts) - {by.pk})
        ],
        ignore_conflicts=True,
    )


def customers_of(row: Model) -> Collection[int]:
    """The ids of the accounts whom a row is about: itself, its own, or none."""
    if isinstance(row, get_user_model()):
        return [row.pk]
    account_id = getattr(row, "account_id", None)
    return [account_id] if account_id else []


def _role_of(by: Any) -> str:
    """The names of the groups, as `portal/roles.py` has them."""
    names = ["administrator"] if by.is_superuser else sorted(by.groups.values_list("name", flat=True))
    return ",".join(names)[:80]
