"""Words for what is kept as a code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEALER_SERVICES: dict[str, Promise] = {
    "sales": _("New and used cars"),
    "service": _("Service and repairs"),
    "body_shop": _("Body shop"),
    "parts": _("Parts and accessories"),
    "electric": _("High-voltage systems"),
}
