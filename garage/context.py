"""What the frame of every page shows of the garage."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.access import account_of
from garage.access import listed_links, listed_memberships
from garage.models import Membership
from garage.portrait import colour_of, identity_of

# The attribute of a request.
SHOWN = "links_in_frame"


def switcher_of(request: HttpRequest) -> list[dict[str, object]]:
    if not request.user.is_authenticated:
        return []
    shown = getattr(request, SHOWN, None)
    return switcher(listed_links(request.user) if shown is None else shown)


def show_in_frame(request: HttpRequest, links: Sequence[Membership]) -> None:
    """Of a page that has read all `listed_links` itself, and changes none: its frame need not read them again."""
    setattr(request, SHOWN, links)


def shown_link_or_404(request: HttpRequest, public_id: UUID) -> Membership:
    """As `membership_or_404`, for a page that changes nothing: it and its frame read the garage once."""
    links = listed_memberships(account_of(request))
    show_in_frame(request, links)
    found = next((link for link in links if link.public_id == public_id), None)
    if found is None:
        raise Http404
    return found


def shown_link_with(request: HttpRequest, vehicle_id: int) -> Membership | None:
    """The same by its car, if that is in the garage."""
    links = listed_memberships(account_of(request))
    show_in_frame(request, links)
    return next((link for link in links if link.vehicle_id == vehicle_id), None)


def switcher(links: Iterable[Membership]) -> list[dict[str, object]]:
    """The cars of the vehicle switcher, in the garage's order."""
    return [
        {
            "label": link.label,
            "plate": identity_of(link),
            "body": link.vehicle.body,
            "colour": colour_of(link),
            "is_selected": link.is_selected,
            "url_select": reverse("select_vehicle", args=[link.public_id]),
        }
        for link in links
    ]
