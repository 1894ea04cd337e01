"""The one link that mends what stands in the way of a package, or tells how."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from subscriptions.centre.diagnosing import Case
from subscriptions.rules.not_working import Because


class Link(NamedTuple):
    url: str
    label: Promise


def link_for(because: Because, case: Case) -> Link | None:
    return LINKS[because](case) if because in LINKS else None


def _terms(_case: Case) -> Link:
    return Link(reverse("terms_acceptance"), _("Read and accept the Terms"))


def _control(case: Case) -> Link:
    return _of_car(case, "control", _("How to get control"))


def _subscription(case: Case) -> Link | None:
    return _of_subscription(case, "subscription", _("View the subscription"))


def _activation(case: Case) -> Link:
    return _centre(case, _("Activate it"))


def _order(case: Case) -> Link:
    if not (case.offer.is_orderable and case.offer.is_sold_in_portal):
        return _centre(case, _("See what this car can have"))
    plans = reverse("checkout_plan", args=[case.membership.public_id, case.package.code])
    return Link(plans, _("Choose a plan"))


def _suitable(case: Case) -> Link:
    return _centre(case, _("See what this car can have"))


def _payment(case: Case) -> Link | None:
    return _of_subscription(case, "payment", _("Pay now"))


def _profile(case: Case) -> Link:
    return _of_car(case, "profile_in_car", _("Link your profile"))


def _privacy(case: Case) -> Link:
    return _of_car(case, "privacy_mode", _("How to switch it off"))


def _state(case: Case) -> Link:
    return _of_car(case, "vehicle_state", _("What the car last told"))


def _contact(case: Case) -> Link:
    return Link(contact_url(case), _("Ask the customer centre"))


def _status(_case: Case) -> Link:
    return Link(reverse("support_status"), _("See the service status"))


def contact_url(case: Case) -> str:
    """The contact, with a message that says what was found (support/cases/prefilled.py)."""
    asked = urlencode({"why": str(case.membership.public_id), "package": case.package.code})
    return f"{reverse('case_new')}?{asked}"


def _centre(case: Case, label: Promise) -> Link:
    return Link(f"{reverse('services', args=[case.membership.public_id])}#{case.package.code}", label)


def _of_car(case: Case, page: str, label: Promise) -> Link:
    return Link(reverse(page, args=[case.membership.public_id]), label)


def _of_subscription(case: Case, page: str, label: Promise) -> Link | None:
    row = case.offer.subscription
    return Link(reverse(page, args=[row.public_id]), label) if row else None


LINKS: dict[Because, Callable[[Case], Link | None]] = {
    Because.COUNTING: _terms,
    Because.PAUSED: _terms,
    Because.PAUSED_FOR_ANOTHER: _control,
    Because.ANOTHERS_CONTROL: _control,
    Because.NOBODYS_CONTROL: _control,
    Because.BEING_ACTIVATED: _subscription,
    Because.WAITS_FOR_CAR: _state,
    Because.CAR_FAILED: _contact,
    Because.NOT_TAKEN_UP: _activation,
    Because.NOT_ORDERED: _order,
    Because.HAS_ENDED: _order,
    Because.PAST_DUE: _payment,
    Because.PROFILE_REMOVED: _profile,
    Because.PROFILE_UNTOLD: _profile,
    Because.PRIVACY_ON: _privacy,
    Because.NOT_HEARD_OF: _state,
    Because.ASLEEP: _state,
    Because.CHARGE_LOW: _state,
    Because.CHARGE_TOO_LOW: _state,
    Because.SUITS_IN_PART: _suitable,
    Because.DOES_NOT_SUIT: _suitable,
    Because.INCIDENT: _status,
    Because.MAINTENANCE: _status,
}
