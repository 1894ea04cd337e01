"""Where a page of the garage stands."""

from django.urls import reverse
from django.utils.translation import gettext as _

from garage.models import Membership


def trail(membership: Membership | None = None, *, here: str) -> list[dict[str, str]]:
    """Breadcrumbs: My Garage, the car, and the page that is shown."""
    crumbs = [{"label": _("My Garage"), "url": reverse("garage")}]
    if membership:
        crumbs.append({"label": membership.label, "url": reverse("vehicle", args=[membership.public_id])})
    return [*crumbs, {"label": here}]
