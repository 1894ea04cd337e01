"""Scoped getters for profiles on head units, and what "who can reach this car" says of them (law 11, L1)."""

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from garage.actions.profile import end_profile
from garage.models import Membership, MultimediaProfile, Vehicle
from garage.models.profile import MultimediaProfileQuerySet, Source
from portal.querying.written import Given, written
from portal.reach import Reacher

SOURCES: dict[str, str | Promise] = {
    Source.DECLARED: gettext_lazy("Declared by you."),
    Source.VEHICLE: gettext_lazy("Confirmed by the car."),
}


def profile_of(membership: Membership) -> MultimediaProfile | None:
    """The account's own profile on the car's head unit, while it is there."""
    return next(iter(_linked(vehicle=membership.vehicle_id, account=membership.account_id)), None)


@written
def _linked(*, vehicle: Given, account: Given) -> MultimediaProfileQuerySet:
    """One at most."""
    return MultimediaProfile.objects.linked().filter(vehicle=vehicle, account=account)


def was_removed_in_the_car(link: Membership) -> bool:
    """L1: the car itself has said that the account's last profile on its screen is gone."""
    own = MultimediaProfile.objects.filter(vehicle=link.vehicle_id, account=link.account_id)
    last = own.order_by("-linked_at", "-pk").first()
    return last is not None and last.was_removed_in_the_car


def profiles_within_reach(account: Account) -> MultimediaProfileQuerySet:
    """Its own, wherever they are, and those of others on the cars that it controls."""
    controlled = Membership.objects.current().filter(account=account, is_active=True).values("vehicle")
    return MultimediaProfile.objects.linked().filter(Q(account=account) | Q(vehicle__in=controlled))


def profile_or_404(account: Account, public_id: UUID) -> MultimediaProfile:
    return get_object_or_404(profiles_within_reach(account).select_related("vehicle"), public_id=public_id)


def reaching_profiles(account: Account, vehicle: Vehicle) -> Iterator[Reacher]:
    """Whose a profile of somebody else is, nobody learns (G11)."""
    for profile in profiles_within_reach(account).filter(vehicle=vehicle).order_by("linked_at", "pk"):
        is_own = profile.account_id == account.pk
        yield Reacher(
            name=_("Your profile on the car’s screen") if is_own else _("A profile of another account"),
            detail=source_sentence(profile, is_own=is_own),
            since=profile.linked_at,
            end_url=reverse("profile_end", args=[profile.public_id]),
            end_label=_("It is removed in the car"),
            id=profile.public_id,
            # As on the page, it is declared: the car itself is the place where a profile ends.
            end=partial(end_profile, profile=profile, source=Source.DECLARED),
        )


def source_sentence(profile: MultimediaProfile, *, is_own: bool = True) -> str:
    if profile.is_confirmed:
        return str(SOURCES[Source.VEHICLE])
    return str(SOURCES[Source.DECLARED]) if is_own else _("Declared by its owner.")
