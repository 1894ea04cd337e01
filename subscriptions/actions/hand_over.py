"""Control handed over by telephone, always by the customer's own actions (V4, K3, K6)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.caller import check_verified
from accounts.models import Account
from accounts.rules.caller import is_barred
from garage.models import ControlTransfer, Membership
from portal import audit
from portal.refusals import Refusal
from subscriptions.actions.control import consent
from subscriptions.actions.leave import removal_quote
from subscriptions.actions.offer_control import offer_control
from subscriptions.handing_over import schedule


@transaction.atomic
def hand_over_by_telephone(
    *, membership: Membership, email: str, confirmed: Any, reason: str, now: datetime, by: Account
) -> ControlTransfer:
    """For a caller who was checked (K7): whoever has asked for control gets it now, anybody else an offer by mail.

    `confirmed` is what `brings` gave. Raises `Refusal`: not_verified, barred, quote_changed, and those of both ways.
    """
    account = membership.account
    check_verified(account, now=now, by=by)
    if is_barred(account.barred_until, now=now):
        raise Refusal("barred", _("The address of this account has just been changed. For 72 hours this is closed."))
    transfer = asked_by(membership, email)
    if transfer:
        consent(transfer=transfer, confirmed=confirmed, now=now, by=by)
    else:
        transfer = offer_control(membership=membership, email=email, confirmed=confirmed, now=now, by=by)
    audit.record("control handed over by staff", account=account, by=by, now=now, subject=transfer, reason=reason)
    return transfer


def asked_by(membership: Membership, email: str) -> ControlTransfer | None:
    """The open request of the account with this address."""
    asked = ControlTransfer.objects.open().requests().filter(vehicle=membership.vehicle_id, giver=membership.account)
    return asked.filter(taker__email=email.lower()).first()


def brings(membership: Membership, email: str, *, now: datetime) -> Any:
    """The figures to show: of now, or of each day on which an offer may be taken (X7)."""
    return removal_quote(membership, now=now) if asked_by(membership, email) else schedule(membership, now=now)
