"""A car's data leaves for its owner: not too often, and on record (D3)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.models import Account
from garage.models import Vehicle
from portal import audit
from portal.hourly_limit import take_turn
from portal.refusals import Refusal

# Each is work for one process as long as it lasts.
MOST_AN_HOUR = 40


def note_download(
    *, account: Account, vehicle: Vehicle, kinds: Collection[str], form: str, now: datetime, by: Account
) -> None:
    """Uses up one turn of this hour. Raises `Refusal`: barred, too_many_downloads."""
    check_not_barred(by, now=now)
    if not take_turn("vehicle-data", str(account.pk), most=MOST_AN_HOUR, now=now):
        raise Refusal("too_many_downloads", _("That were many downloads. Please wait an hour for the next one."))
    with transaction.atomic():
        audit.record(
            "vehicle data downloaded", account=account, by=by, now=now, subject=vehicle, kinds=list(kinds), form=form
        )
