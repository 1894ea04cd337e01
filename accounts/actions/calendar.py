"""Making, renewing and ending the private address of the account's calendar."""

import uuid
from datetime import datetime

from django.db import transaction

from accounts.actions.locking import locked_account
from accounts.calendar import hash_of, token_of
from accounts.models import Account, CalendarFeed
from portal.audit import record


@transaction.atomic
def make_address(*, account: Account, now: datetime, by: Account) -> CalendarFeed:
    """The address, or a new one in its place: whoever knows the old one reads nothing more.

    Raises `Refusal` account_closed.
    """
    locked = locked_account(account)
    key = uuid.uuid4()
    feed, is_first = CalendarFeed.objects.update_or_create(
        account=locked, defaults={"key": key, "token_hash": hash_of(token_of(key)), "created_at": now}
    )
    record("calendar made" if is_first else "calendar renewed", account=locked, by=by, now=now, subject=feed)
    return feed


@transaction.atomic
def end_address(*, account: Account, now: datetime, by: Account) -> None:
    """From now on the address answers as one that never was. A second time changes nothing."""
    locked = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=account.pk)
    feed = CalendarFeed.objects.filter(account=locked).first()
    if feed:
        record("calendar ended", account=locked, by=by, now=now, subject=feed)
        feed.delete()
