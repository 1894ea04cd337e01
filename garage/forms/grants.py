"""Letting a third party read data of a car: who, what, until when (D3)."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from garage.data.vehicle_data import kinds_that_may_leave
from garage.forms.drivers import DAY_FORMATS
from garage.models import ThirdParty
from garage.rules import grants as rules
from portal.free_text import WithoutCardNumbers
from portal.templatetags.frame import day_in_words


class GrantForm(WithoutCardNumbers, forms.Form):
    third_party = forms.ChoiceField(label=_("Who may read?"), widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label=_("What may be read?"),
        help_text=_("Only what this company needs. You can end it and give less at any time."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one kind of data.")},
    )
    has_history = forms.BooleanField(
        label=_("Also what arose before today, in the time in which I had control"), required=False
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("This is no day of the calendar. An example: 31/12/2030.")},
    )
    reference = forms.CharField(
        label=_("What the company knows you by"),
        help_text=_("A policy or customer number, for instance. Your name and address are not passed on."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(
        self, data: Any = None, *, third_parties: Iterable[ThirdParty], today: date, readers: Collection[int] = ()
    ) -> None:
        """`readers` may read already (their keys): said here, before anybody has looked through what would leave."""
        super().__init__(data)
        self.readers = readers
        self.third_parties = {str(one.public_id): one for one in third_parties}
        self.today = today
        offered = [(key, f"{one.name}: {one.purpose}") for key, one in self.third_parties.items()]
        self.fields["third_party"].choices = offered  # type: ignore[attr-defined]
        self.fields["kinds"].choices = [(kind.name, kind.title) for kind in kinds_that_may_leave()]  # type: ignore[attr-defined]
        latest = {"day": day_in_words(rules.longest_end(today))}
        self.fields["ends_on"].help_text = _t("The access ends after it by itself. At the latest %(day)s.") % latest

    def clean_third_party(self) -> ThirdParty:
        chosen = self.third_parties[self.cleaned_data["third_party"]]
        if chosen.pk in self.readers:
            raise forms.ValidationError(_("It may read data of this car already. End that access first."))
        return chosen

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if not rules.may_end_on(day, today=self.today):
            raise forms.ValidationError(_("Please choose a day from today on, within the next twelve months."))
        return day
