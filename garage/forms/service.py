"""An owner's own entry in the service history (G8)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from garage.forms.drivers import DAY_FORMATS
from garage.models import MaintenanceItem
from garage.models.service import LONGEST_WORK
from garage.rules import odometer as odometer_rules
from portal.free_text import WithoutCardNumbers

MOST_WORKS = 10
# No car of a portal is older; a year of two digits is a slip of the finger.
EARLIEST = date(1990, 1, 1)


def read_km(text: str) -> int:
    """Raises `ValidationError` for what is no reading."""
    km = odometer_rules.parse_km(text)
    if km is None:
        raise forms.ValidationError(_("Please type whole kilometres, six digits at most."))
    return km


class WorkLines(forms.CharField):
    """A list of lines, none of them empty; not needed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(required=False, max_length=MOST_WORKS * LONGEST_WORK, widget=widget, **kwargs)

    def clean(self, value: Any) -> list[str]:
        lines = [line for line in (" ".join(line.split()) for line in super().clean(value).splitlines()) if line]
        if len(lines) > MOST_WORKS:
            raise forms.ValidationError(_("Please write ten lines at most."))
        if any(len(line) > LONGEST_WORK for line in lines):
            raise forms.ValidationError(
                _("Please write at most %(most)d characters in a line.") % {"most": LONGEST_WORK}
            )
        return lines


class ServiceEntryForm(WithoutCardNumbers, forms.Form):
    """`works` are lines: what the plan has no box for."""

    use_required_attribute = False

    done_on = forms.DateField(
        label=_("Day of the service"),
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("This is no day of the calendar. An example: 31/12/2025.")},
    )
    reading = forms.CharField(
        label=_("Odometer reading in kilometres"),
        help_text=_("As it stands on the invoice of the workshop."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    items = forms.MultipleChoiceField(
        label=_("What was done of the maintenance plan"),
        help_text=_("The next due date of what you tick counts from this day and this reading."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    works = WorkLines(
        label=_("What else was done"),
        help_text=_(
            "A line for each work, ten at most: new tyres, for instance. Whoever has the car after you reads it."
        ),
    )

    def __init__(self, data: Any = None, *, offered: Iterable[MaintenanceItem], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [(item.code, item.name) for item in offered]
        if choices:
            self.fields["items"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["items"]

    def clean_done_on(self) -> date:
        day: date = self.cleaned_data["done_on"]
        if day < EARLIEST:
            raise forms.ValidationError(_("This day is too long ago."))
        return day

    def clean_reading(self) -> int:
        return read_km(self.cleaned_data["reading"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("items") and not cleaned["works"]:
            self.add_error("items" if "items" in self.fields else "works", _("Please say what was done."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """What the actions take."""
        cleaned = self.cleaned_data
        return {
            "done_on": cleaned["done_on"],
            "odometer_km": cleaned["reading"],
            "items": cleaned.get("items", []),
            "works": cleaned["works"],
        }
