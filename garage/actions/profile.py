"""A multimedia profile on a head unit: the owner declares it, or the car reports it (C6, L1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.actions.locks import lock_car
from garage.models import Membership, MultimediaProfile
from garage.models.profile import Source
from garage.rules.membership import Right
from portal import audit
from portal.refusals import Refusal


@transaction.atomic
def link_profile(
    *, membership: Membership, source: Source, now: datetime, by: Account | None, at: datetime | None = None
) -> MultimediaProfile:
    """Keeps that the account's profile is on the car's head unit; `by` is None where the car says so, `at` since when.

    What is known already stays as it is, but that a declaration is confirmed by the car. Raises `Refusal` not_linked
    where the link with the car is over, or is not verified (G11).
    """
    lock_car(vehicle_id=membership.vehicle_id, account_ids=[membership.account_id])
    link = Membership.objects.current().select_related("account__market").filter(pk=membership.pk).first()
    if link is None or not link.may(Right.OWN_PROFILE):
        raise Refusal("not_linked", _("Please prove that you have access to this car first."))
    since = at or now
    confirmed_at = since if source == Source.VEHICLE else None
    profile = MultimediaProfile.objects.linked().filter(vehicle=link.vehicle_id, account=link.account_id).first()
    if profile is None:
        profile = MultimediaProfile.objects.create(
            vehicle_id=link.vehicle_id, account=link.account, linked_at=since, source=source, confirmed_at=confirmed_at
        )
    elif confirmed_at and not profile.is_confirmed:
        profile.confirmed_at = confirmed_at
        profile.save(update_fields=["confirmed_at"])
    else:
        return profile
    audit.record("profile linked", account=link.account, by=by, now=now, subject=profile, source=source)
    return profile


@transaction.atomic
def end_profile(
    *, profile: MultimediaProfile, source: Source, now: datetime, by: Account | None, at: datetime | None = None
) -> MultimediaProfile:
    """Keeps that the profile has been removed from the head unit, by declaration or as the car says (L1).

    A removal that was declared is confirmed by the car; nothing else changes a profile that is over.
    """
    lock_car(vehicle_id=profile.vehicle_id, account_ids=[profile.account_id])
    profile = MultimediaProfile.objects.select_related("account__market").get(pk=profile.pk)
    if not profile.is_linked and (source == Source.DECLARED or profile.was_removed_in_the_car):
        return profile
    profile.ended_at = profile.ended_at or max(at or now, profile.linked_at)
    profile.ended_source = source
    profile.save(update_fields=["ended_at", "ended_source"])
    audit.record("profile removed", account=profile.account, by=by, now=now, subject=profile, source=source)
    return profile
