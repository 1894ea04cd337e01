from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from garage.rules.trips import EARLIEST_YEAR
from portal.free_text import WithoutCardNumbers

# What a calendar can reckon with, and a car can have reported.
EARLIEST, LATEST = date(EARLIEST_YEAR, 1, 1), date(2999, 12, 31)


def day_field(label: Any, **facts: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    limits = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
    return forms.DateField(label=label, widget=widget, validators=limits, **facts)


class TripsForm(WithoutCardNumbers, forms.Form):
    """Which trips the list shows; it lives in the address."""

    first = day_field(_("From"), required=False)
    last = day_field(_("To"), required=False)
    partial = forms.BooleanField(label=_("Only incomplete ones"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("This day is before the first one."))
        return cleaned


class MissingTripForm(WithoutCardNumbers, forms.Form):
    on = day_field(_("Day of the trip"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return on
