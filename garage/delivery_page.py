"""A delivery as its customer's page shows it: what is done, what is next, where it is done (G4)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from garage.delivery import TITLES, Delivery
from garage.rules.orders import READY, Ready


def steps_of(delivery: Delivery) -> list[dict[str, Any]]:
    """For `components/checklist.html`; the first that is not done is next."""
    steps = [
        {"title": TITLES[ready], "is_done": ready in delivery.done, "is_next": False, **_way(ready, delivery)}
        for ready in READY
    ]
    for step in steps:
        if not step["is_done"]:
            step["is_next"] = True
            break
    return steps


def _way(ready: Ready, delivery: Delivery) -> dict[str, str]:
    link = delivery.link
    match ready:
        case Ready.ACCOUNT:
            return {"text": _("The order and your account find each other by your confirmed address.")}
        case Ready.TERMS:
            url, action = reverse("terms_acceptance"), _("Read and accept")
            return {"text": _("With them the standard services begin, free of charge."), "url": url, "action": action}
        case Ready.DEALER:
            text = _("Shown to you wherever the car needs one.")
            return {"text": text, "url": reverse("dealers"), "action": _("Choose a dealer")}
        case Ready.IN_GARAGE:
            return {"text": _("It comes by itself when the dealer hands the car over.")}
        case Ready.STANDARD:
            text = _("They are there as soon as the car is in your garage and you have control of it.")
            url = reverse("services", args=[link.public_id]) if link else ""
            return {"text": text, "url": url, "action": _("View the services")}
        case Ready.PROFILE:
            text = _("In the car, with the code on its screen: your dealer does it with you.")
            url = reverse("profile_in_car", args=[link.public_id]) if link else ""
            return {"text": text, "url": url, "action": _("Your profile in the car")}
