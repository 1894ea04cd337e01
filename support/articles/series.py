"""The groups in which the how-to videos stand, in their order (H1)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The first is the brand's app, whose name the page puts in its place.
SERIES: dict[str, str | Promise] = {
    "app": _("The app"),
    "digital-key": _("Digital key"),
    "home-charging": _("Home charging"),
}
