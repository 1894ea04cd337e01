"""Arranging a garage: the selected car (G5), its nickname (G9), and what a company's books call it (I5)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.models import Membership
from portal import audit
from portal.refusals import Refusal


@transaction.atomic
def select_vehicle(*, membership: Membership, now: datetime, by: Account) -> Membership:
    """Makes this the car of which every service page speaks; it stays so on every device."""
    Account.objects.select_for_update(no_key=True).get(pk=membership.account_id)
    membership = _current(membership)
    if membership.is_selected:
        return membership
    Membership.objects.current().filter(account=membership.account_id, is_selected=True).update(is_selected=False)
    membership.is_selected = True
    membership.save(update_fields=["is_selected"])
    audit.record("vehicle_selected", account=membership.account, by=by, now=now, subject=membership)
    return membership


@transaction.atomic
def rename_vehicle(*, membership: Membership, nickname: str, now: datetime, by: Account) -> Membership:
    """Gives the car a name of the customer's own, at most 40 characters; an empty one takes it away."""
    Account.objects.select_for_update(no_key=True).get(pk=membership.account_id)
    membership = _current(membership)
    nickname = " ".join(nickname.split())
    if len(nickname) > 40:
        raise Refusal("nickname_too_long", _("A nickname has at most 40 characters."))
    if nickname != membership.nickname:
        membership.nickname = nickname
        membership.save(update_fields=["nickname"])
        audit.record("vehicle_renamed", account=membership.account, by=by, now=now, subject=membership)
    return membership


@transaction.atomic
def refer_to_vehicle(*, membership: Membership, reference: str, now: datetime, by: Account) -> Membership:
    """What stands as the customer's reference on the car's next documents (I5), at most 40 characters; empty: none.

    Raises `Refusal`: reference_too_long, not_in_garage.
    """
    Account.objects.select_for_update(no_key=True).get(pk=membership.account_id)
    membership = _current(membership)
    reference = " ".join(reference.split())
    if len(reference) > 40:
        raise Refusal("reference_too_long", _("A reference has at most 40 characters."))
    if reference != membership.invoice_reference:
        membership.invoice_reference = reference
        membership.save(update_fields=["invoice_reference"])
        audit.record("invoice_reference_changed", account=membership.account, by=by, now=now, subject=membership)
    return membership


def _current(membership: Membership) -> Membership:
    current = Membership.objects.current().select_related("vehicle", "account__market").filter(pk=membership.pk).first()
    if current is None:
        raise Refusal("not_in_garage", _("This car is not in your garage any more."))
    return current
