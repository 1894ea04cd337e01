"""Who the customer is and how they are spoken to (A4)."""

from datetime import datetime

from django.db import transaction

from accounts.models import Account
from portal.audit import record

FIELDS = ("first_name", "last_name", "phone", "language")


@transaction.atomic
def change_profile(*, account: Account, now: datetime, by: Account | None, **values: str) -> Account:
    """Changes some of first_name, last_name, phone and language; what stays the same is not recorded.

    The audit trail names the fields and not their contents: it is kept for ever, a telephone number is not.
    """
    locked = Account.objects.select_for_update().get(pk=account.pk)
    changed = [field for field in FIELDS if field in values and getattr(locked, field) != values[field]]
    if changed:
        for field in changed:
            setattr(locked, field, values[field])
        locked.save(update_fields=changed)
        record("profile_changed", account=locked, by=by, now=now, fields=changed)
    return locked
