"""For which car, and for how long, the customer centre may see trips."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from garage.models import Membership
from portal.free_text import WithoutCardNumbers
from support.rules.sight import SPANS

NAMES = {24: _("24 hours"), 72: _("3 days"), 168: _("7 days")}


class SightForm(WithoutCardNumbers, forms.Form):
    car = forms.ChoiceField(label=_("Car"))
    hours = forms.TypedChoiceField(
        label=_("For how long"), coerce=int, choices=[(span, NAMES[span]) for span in SPANS], widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, cars: Sequence[Membership], chosen: Membership | None = None) -> None:
        preset = chosen or cars[0]
        super().__init__(data, initial={"car": preset.public_id, "hours": SPANS[0]})
        self.cars = {str(link.public_id): link for link in cars}
        car = self.fields["car"]
        if isinstance(car, forms.ChoiceField):
            car.choices = [(key, link.label) for key, link in self.cars.items()]

    def asked(self) -> dict[str, Any]:
        """What the action takes. After `is_valid` only."""
        return {"membership": self.cars[self.cleaned_data["car"]], "hours": self.cleaned_data["hours"]}
