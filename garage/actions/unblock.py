"""Taking a block away after the person's identity was checked (V3)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.models import AccessCheck, AccessUnblocking, Membership, Vehicle
from garage.notices.announcing import tell_access_unblocked
from portal import audit
from portal.refusals import Refusal


@transaction.atomic
def unblock_access(
    *, access_check: AccessCheck, identity_checked_by: str, note: str, now: datetime, by: Account
) -> AccessCheck:
    """The account gets its three tries for this car back, and is told; access is not proved by it.

    `identity_checked_by` names who saw the papers, at the dealer or in the customer centre. Refuses with `not_blocked`.
    """
    Vehicle.objects.select_for_update(no_key=True).get(pk=access_check.vehicle_id)
    locked = (
        AccessCheck.objects.select_related("account__market", "vehicle")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=access_check.pk)
    )
    blocked_at = check_blocked(locked)
    AccessUnblocking.objects.create(
        access_check=locked,
        blocked_at=blocked_at,
        unblocked_at=now,
        by=by,
        identity_checked_by=identity_checked_by,
        note=note,
    )
    locked.wrong_tries, locked.blocked_at = 0, None
    locked.save(update_fields=["wrong_tries", "blocked_at"])
    said = {"identity_checked_by": identity_checked_by, "reason": note}
    audit.record("access_unblocked", account=locked.account, by=by, now=now, subject=locked, **said)
    link = Membership.objects.current().select_related("vehicle").filter(account=locked.account, vehicle=locked.vehicle)
    tell_access_unblocked(link.first(), account=locked.account, check_id=locked.pk, now=now)
    return locked


def check_blocked(access_check: AccessCheck) -> datetime:
    """Since when it is blocked; refuses with `not_blocked`."""
    if access_check.blocked_at is None:
        raise Refusal("not_blocked", _("This car is not blocked for this account."))
    return access_check.blocked_at
