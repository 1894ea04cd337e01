"""What the frame of every page shows of the garage."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Account
from garage.access import current_links
from garage.portrait import colour_of, identity_of


def switcher_of(request: HttpRequest) -> list[dict[str, object]]:
    return switcher(request.user) if request.user.is_authenticated else []


def switcher(account: Account) -> list[dict[str, object]]:
    """The cars of the vehicle switcher, in the garage's order. One query."""
    return [
        {
            "label": link.label,
            "plate": identity_of(link),
            "body": link.vehicle.body,
            "colour": colour_of(link),
            "is_selected": link.is_selected,
            "url_select": reverse("select_vehicle", args=[link.public_id]),
        }
        for link in current_links(account)
    ]
