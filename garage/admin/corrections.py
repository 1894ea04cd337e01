"""Corrected facts on a car's page in the admin (K3)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from garage.models import FactCorrection, Vehicle
from portal.desk.pages import Panel
from portal.templatetags.frame import day_in_words

NAMES = {
    "plate": gettext_lazy("Registration plate"),
    "model": gettext_lazy("Model"),
    "powertrain": gettext_lazy("Powertrain"),
    "multimedia": gettext_lazy("Generation of the multimedia system"),
    "warranty_start": gettext_lazy("Warranty start"),
    "purchased_on": gettext_lazy("Purchased on"),
    "first_registered_on": gettext_lazy("First registered on"),
}


def corrections_panel(vehicle: Vehicle) -> Panel:
    """What stands over the registry's word, and where the registry says something else by now."""
    rows = [
        [
            NAMES[each.fact],
            each.registry_said,
            each.value,
            each.evidence,
            f"{each.by}, {day_in_words(each.at.date())}",
            _("stands") if each.replaced_at is None else _("replaced"),
        ]
        for each in FactCorrection.objects.filter(vehicle=vehicle).select_related("by").order_by("-pk")
    ]
    headings = [_("Fact"), _("The registry said"), _("Corrected to"), _("Evidence"), _("By whom"), _("State")]
    return Panel(title=_("Corrected facts"), headings=headings, rows=rows)
