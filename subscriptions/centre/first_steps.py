"""The first steps as a checklist that knows its state: Terms, car, proof of access, services."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import has_accepted_current_terms
from accounts.models import Account
from garage.models import Membership
from subscriptions.models import Subscription


def first_steps(account: Account, *, cars: list[Membership], running: list[Subscription]) -> list[dict[str, Any]]:
    """Steps in order with `title`, `text`, `url`, `action`, `is_done`; the first that is not done `is_next`."""
    active = next((car for car in cars if car.may_control), None)
    steps = [
        _step(
            _("Accept the Terms of Use"),
            _("They say what the services do and what you agree to."),
            url=reverse("terms_acceptance"),
            action=_("Read and accept"),
            is_done=_has_accepted_terms(account, timezone.now()),
        ),
        _step(
            _("Add your car"),
            _("By its VIN or its registration plate."),
            url=reverse("add_vehicle"),
            action=_("Add a car"),
            is_done=bool(cars),
        ),
        _step(
            _("Prove that you have access to it"),
            _("With the figure on its odometer."),
            **_way_to_control(cars),
            is_done=bool(active),
        ),
        _step(
            _("Choose its services"),
            _("Many are included; others have a free month."),
            url=reverse("services", args=[active.public_id]) if active else "",
            action=_("See the services"),
            is_done=bool(running),
        ),
    ]
    for step in steps:
        if not step["is_done"]:
            step["is_next"] = True
            break
    return steps


def _has_accepted_terms(account: Account, now: datetime) -> bool:
    """As it was when the request began: the page changes nothing."""
    known = account.at_entrance
    return known.has_accepted_current_terms(now) if known else has_accepted_current_terms(account, now)


def _way_to_control(cars: list[Membership]) -> dict[str, str]:
    """By proof; of a car that one drives, or that another account controls, its page says how."""
    unproved = next((car for car in cars if not car.may_see_services), None)
    if cars and not unproved:
        return {"url": reverse("control", args=[cars[0].public_id]), "action": _("How to get control")}
    return {
        "url": reverse("prove_access", args=[unproved.public_id]) if unproved else "",
        "action": _("Prove access"),
    }


def _step(title: str, text: str, *, url: str, action: str, is_done: bool) -> dict[str, Any]:
    return {"title": title, "text": text, "url": url, "action": action, "is_done": is_done, "is_next": False}
