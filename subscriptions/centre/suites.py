"""The two suites of the Connected Services Centre, each activated separately, each with its missing step (C1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from garage.models import Membership
from garage.profiles import profile_of
from garage.rules.membership import Right
from subscriptions.centre.limits import LimitedOffer
from subscriptions.models import Package


@dataclass(frozen=True, kw_only=True)
class Step:
    """What is still to be done, and where."""

    text: str
    url: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Suite:
    code: str
    label: str
    rows: Sequence[LimitedOffer]
    step: Step | None

    @property
    def is_multimedia(self) -> bool:
        return self.code == Package.MULTIMEDIA


def suites_of(rows: Sequence[LimitedOffer], membership: Membership) -> list[Suite]:
    """One query, for the profile."""
    suites = ((Package.APP, _("App services")), (Package.MULTIMEDIA, _("Multimedia services")))
    return [_suite(code, label, rows, membership) for code, label in suites]


def _suite(code: str, label: str, rows: Iterable[LimitedOffer], membership: Membership) -> Suite:
    own = [row for row in rows if row.offer.package.suite == code]
    return Suite(code=code, label=label, rows=own, step=_step(code, own, membership))


def _step(code: str, rows: Sequence[LimitedOffer], membership: Membership) -> Step | None:
    if code == Package.MULTIMEDIA and _is_profile_missing(rows, membership):
        return Step(
            text=_("Link your profile to the car’s screen: most of these services work in it."),
            url=reverse("multimedia", args=[membership.public_id]),
            label=_("Link the profile"),
        )
    waiting = [row.offer.package for row in rows if row.offer.is_included]
    if not membership.may(Right.CONTROL) or not waiting:
        return None
    sentence = ngettext(
        "%(count)d package comes with the car and is not activated yet.",
        "%(count)d packages come with the car and are not activated yet.",
        len(waiting),
    )
    return Step(text=sentence % {"count": len(waiting)}, url=f"#{waiting[0].code}", label=waiting[0].name)


def _is_profile_missing(rows: Sequence[LimitedOffer], membership: Membership) -> bool:
    """Nothing is missing where the car can have none of them."""
    is_for_the_car = any(not row.offer.is_unavailable for row in rows)
    return is_for_the_car and membership.may(Right.OWN_PROFILE) and profile_of(membership) is None
