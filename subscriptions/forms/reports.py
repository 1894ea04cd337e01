"""What the vehicle report is to say (G8)."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from garage.forms.driving import day_field
from portal.free_text import WithoutCardNumbers
from portal.months import add_months

MONTHS = 12


class ReportForm(WithoutCardNumbers, forms.Form):
    """It lives in the address. The last twelve months unless another time is asked for."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    driving = forms.BooleanField(
        label=_("With my driving"), help_text=_("Leave it out of what you give to somebody else."), required=False
    )
    first = day_field(_("Driving from"), required=False)
    last = day_field(_("Driving to"), required=False)

    def __init__(self, data: Any = None, *, today: date, language: str) -> None:
        self.today = today
        usual = {"first": add_months(today, -MONTHS), "last": today}
        if data is not None:
            # What is left empty is shown as it is understood.
            data = data.dict() | {name: data.get(name) or day.isoformat() for name, day in usual.items()}
        super().__init__(data, initial={"language": language, "driving": True, **usual})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("This day is before the first one."))
        return cleaned

    @property
    def chosen(self) -> dict[str, str]:
        """As it stands in the address of the file."""
        cleaned = self.cleaned_data
        facts = {"language": cleaned["language"], "first": cleaned["first"], "last": cleaned["last"]}
        return {name: str(value) for name, value in facts.items()} | ({"driving": "on"} if cleaned["driving"] else {})
