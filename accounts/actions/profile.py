"""Who the customer is, how they are spoken to, and where (A4)."""

from datetime import datetime

from django.db import transaction

from accounts.actions.locking import locked_account
from accounts.actions.market import move_to_market
from accounts.models import Account
from portal.audit import record
from portal.models import Market

FIELDS = ("first_name", "last_name", "phone", "language")


@transaction.atomic
def change_profile(
    *, account: Account, now: datetime, by: Account | None, market: Market | None = None, **values: str
) -> Account:
    """Changes some of first_name, last_name, phone, language and market; what stays the same is not recorded.

    The audit trail names the fields and not their contents: it is kept for ever, a telephone number is not. Raises
    `Refusal` account_closed, market_running, and then changes nothing.
    """
    # The lock under which services are ordered too: none begins while the country changes.
    locked = locked_account(account)
    changed = [field for field in FIELDS if field in values and getattr(locked, field) != values[field]]
    for field in changed:
        setattr(locked, field, values[field])
    if market is not None:
        changed += [field for field in move_to_market(locked, market) if field not in changed]
    if changed:
        locked.know_name()
        locked.save(update_fields=[*changed, "name_keys"])
        record("profile_changed", account=locked, by=by, now=now, fields=changed)
    return locked
