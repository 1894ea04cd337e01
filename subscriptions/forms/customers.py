"""Forms: a day for "what if" (S13), a VIN (G7), a withdrawal signed out (X9), the filter of the history (I1)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.free_text import WithoutCardNumbers
from subscriptions.models.document import DocumentKind
from subscriptions.papers.history import Car, Wanted
from subscriptions.rules.periods import TERM_MONTHS
from subscriptions.rules.projection import OutOfSight, out_of_sight
from subscriptions.words.terms import NAMES

# A browser without a calendar sends what was typed; days come first, as everywhere on the site.
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]
OUT_OF_SIGHT = {
    OutOfSight.PAST: _("This day is over. Please choose today or a day to come."),
    OutOfSight.TOO_FAR: _("This is more than five years away. Please choose an earlier day."),
}


class WhatIfForm(WithoutCardNumbers, forms.Form):
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


class MatchForm(WithoutCardNumbers, forms.Form):
    """Sent by GET, by anybody (G7); what the VIN is worth is said by the match."""

    use_required_attribute = False
    vin = forms.CharField(
        label=_("VIN"),
        help_text=_(
            "17 letters and digits. You find it on the registration document under E, and at the foot of the "
            "windscreen."
        ),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "autocorrect": "off", "spellcheck": "false"}
        ),
        error_messages={"required": _("Please type the VIN of the car.")},
    )


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


class ControlOfferForm(WithoutCardNumbers, forms.Form):
    """To whom control is handed (V4): nobody learns whether an account has the address."""

    email = forms.EmailField(
        label=_("E-mail address of the other account"),
        help_text=_("Only an account that has confirmed this address can take control."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class HistoryForm(WithoutCardNumbers, forms.Form):
    """Sent by GET: all of it stands in the URL. What makes no sense is said, and filters nothing."""

    KINDS = ((DocumentKind.INVOICE.value, _("Invoices")), (DocumentKind.CREDIT_NOTE.value, _("Credit notes")))
    number = forms.CharField(
        label=_("Number, or a part of it"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    car = forms.ChoiceField(
        label=_("Car"),
        required=False,
        error_messages={"invalid_choice": _("There are no documents of this car. All cars are shown.")},
    )
    year = forms.TypedChoiceField(
        label=_("Year"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("There are no documents of this year. All years are shown.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *KINDS])
    # Edges of pages, by number; the links have them, the form forgets them.
    before = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    after = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    field_order = ["car", "year", "kind", "number"]
    FILTERS = ("car", "year", "kind", "number")

    def __init__(self, data: Any, *, cars: list[Car], years: list[int]) -> None:
        super().__init__(data)
        self.fields["car"].choices = [("", _("All cars")), *_grouped(cars)]  # type: ignore[attr-defined]
        self.fields["year"].choices = [("", _("All years")), *((year, year) for year in years)]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        """After `is_valid`: of a form with errors, what holds of it."""
        given = {name: value for name in self.FILTERS if (value := self.cleaned_data.get(name))}
        return Wanted(**given)

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FILTERS]


def _grouped(cars: list[Car]) -> list[tuple[str, list[tuple[str, str]]]]:
    """In two groups if there are former cars (G6): their documents stay their owner's."""
    groups = [
        (_now("In my garage"), [(car.public_id, car.label) for car in cars if car.is_in_garage]),
        (_now("No longer in my garage"), [(car.public_id, car.label) for car in cars if not car.is_in_garage]),
    ]
    return [group for group in groups if group[1]]


class AccountantCarsForm(WithoutCardNumbers, forms.Form):
    """Of which cars an accountant reads; `cars` are (public id, label)."""

    scope = forms.ChoiceField(
        label=_("Documents of which cars?"),
        choices=[("all", _("All cars, also later ones")), ("chosen", _("Only these:"))],
        widget=forms.RadioSelect,
        initial="all",
    )
    cars = forms.MultipleChoiceField(label=_("Cars"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, cars: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
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


class AccountantForm(AccountantCarsForm):
    """Who is invited, too."""

    email = forms.EmailField(
        label=_("E-mail address of the accountant"),
        help_text=_("An account of the portal with this address is needed to accept."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("email", "scope", "cars")
