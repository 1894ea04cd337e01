"""What the frame of every page shows of the garage."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Account
from garage.access import current_memberships
from garage.portrait import portrait


def switcher_of(request: HttpRequest) -> list[dict[str, object]]:
    return switcher(request.user) if request.user.is_authenticated else []


def switcher(account: Account) -> list[dict[str, object]]:
    """The cars of the vehicle switcher, in the garage's order. One query."""
    return [
        {
            "label": car.membership.label,
            "plate": car.identity,
            "body": car.body,
            "colour": car.colour,
            "is_selected": car.membership.is_selected,
            "url_select": reverse("select_vehicle", args=[car.membership.public_id]),
        }
        for car in map(portrait, current_memberships(account))
    ]
