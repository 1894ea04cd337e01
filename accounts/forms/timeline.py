"""What of a customer's timeline is shown (K2)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.customer_timeline import ACTOR_NAMES, KIND_NAMES, Actor, Filters, Kind
from portal.free_text import WithoutCardNumbers


class TimelineForm(WithoutCardNumbers, forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *KIND_NAMES.items()], required=False)
    car = forms.TypedChoiceField(label=_("Car"), coerce=int, empty_value=None, required=False)
    by = forms.ChoiceField(label=_("By whom"), choices=[("", _("all")), *ACTOR_NAMES.items()], required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, cars: Mapping[int, str]) -> None:
        super().__init__(data)
        car = self.fields["car"]
        if isinstance(car, forms.ChoiceField):
            car.choices = [("", _("all")), *cars.items()]

    def filters(self) -> Filters:
        """What was asked for; a value that is none is passed over, and the form says so."""
        self.full_clean()
        asked = self.cleaned_data
        return Filters(
            kind=Kind(asked["kind"]) if asked.get("kind") else None,
            vehicle_id=asked.get("car"),
            since=asked.get("since"),
            until=asked.get("until"),
            actor=Actor(asked["by"]) if asked.get("by") else None,
            before=asked.get("before"),
        )
