"""Forms about a contract: a day for "what if" (S13), and a withdrawal without signing in (X9)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.free_text import WithoutCardNumbers
from subscriptions.rules.periods import TERM_MONTHS
from subscriptions.rules.projection import OutOfSight, out_of_sight
from subscriptions.terms import NAMES

# A browser without a calendar sends what was typed; days come first, as everywhere on the site.
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]
OUT_OF_SIGHT = {
    OutOfSight.PAST: _("This day is over. Please choose today or a day to come."),
    OutOfSight.TOO_FAR: _("This is more than five years away. Please choose an earlier day."),
}


class WhatIfForm(forms.Form):
    """Sent by GET; `today` is the market's."""

    day = forms.DateField(
        label=_("On which day?"),
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Please choose a day."),
            "invalid": _("This is no day of the calendar. An example: 31/12/2030."),
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        unseen = out_of_sight(day, today=self.today)
        if unseen:
            raise forms.ValidationError(OUT_OF_SIGHT[unseen])
        return day


class SampleForm(WhatIfForm):
    """The public one, with sample figures: which plan, and whether its first month is free."""

    term = forms.ChoiceField(label=_("Plan"), choices=[(term, NAMES[term]) for term in TERM_MONTHS])
    free_month = forms.BooleanField(label=_("With a free month"), required=False)
    field_order = ["term", "free_month", "day"]


class WithdrawalStatementForm(WithoutCardNumbers, forms.Form):
    """No reason is asked, and no account needed."""

    contract_number = forms.CharField(
        label=_("Contract number"),
        help_text=_("It stands in the confirmation of your order."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "autocorrect": "off", "spellcheck": "false"}
        ),
    )
    email = forms.EmailField(
        label=_("E-mail address of the account"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_contract_number(self) -> str:
        return "".join(self.cleaned_data["contract_number"].split()).upper()


class AccountantForm(WithoutCardNumbers, forms.Form):
    """Who is invited, and of which cars; `cars` are (public id, label)."""

    email = forms.EmailField(
        label=_("E-mail address of the accountant"),
        help_text=_("An account of the portal with this address is needed to accept."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    scope = forms.ChoiceField(
        label=_("Documents of which cars?"),
        choices=[("all", _("All cars, also later ones")), ("chosen", _("Only these:"))],
        widget=forms.RadioSelect,
        initial="all",
    )
    cars = forms.MultipleChoiceField(label=_("Cars"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, cars: list[tuple[str, str]]) -> None:
        super().__init__(data)
        if cars:
            self.fields["cars"].choices = cars  # type: ignore[attr-defined]
        else:
            del self.fields["cars"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scope") == "chosen" and not cleaned.get("cars") and not self.errors:
            field = "cars" if "cars" in self.fields else "scope"
            self.add_error(field, _("Please choose at least one car, or all of them."))
        return cleaned
