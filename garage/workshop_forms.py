"""Forms of the dealer's desk: moving, refusing and finishing a booking (G8, K1)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from garage.booking_forms import TimeForm
from garage.models import MaintenanceItem, OfferedWork, Recall, Workshop
from garage.service_forms import WorkLines, read_km
from garage.workshops import FreeDay
from portal.free_text import WithoutCardNumbers


class MoveForm(TimeForm):
    """The free times alone: the customer's words stay."""

    def __init__(self, data: Any = None, *, days: Iterable[FreeDay]) -> None:
        super().__init__(data, days=days)
        del self.fields["words"]


class RefusalForm(WithoutCardNumbers, forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The customer reads it."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class ArrivalForm(WithoutCardNumbers, forms.Form):
    """Nothing to type: the button says it."""


class CompletionForm(WithoutCardNumbers, forms.Form):
    reading = forms.CharField(label=_("Odometer reading in kilometres"), max_length=40)
    items = forms.MultipleChoiceField(
        label=_("Done of the maintenance plan"), required=False, widget=forms.CheckboxSelectMultiple
    )
    recalls = forms.ModelMultipleChoiceField(
        label=_("Recalls carried out"),
        required=False,
        queryset=Recall.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    works = WorkLines(label=_("Work lines"), help_text=_("One a line, ten at most."))

    def __init__(
        self, data: Any = None, *, offered: Iterable[MaintenanceItem], open_recalls: Any, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["items"].choices = [(item.code, item.name) for item in offered]  # type: ignore[attr-defined]
        self.fields["recalls"].queryset = open_recalls  # type: ignore[attr-defined]

    def clean_reading(self) -> int:
        return read_km(self.cleaned_data["reading"])


class OfferedWorkForm(WithoutCardNumbers, forms.ModelForm):
    """A row of the workshop's page."""

    class Meta:
        model = OfferedWork
        fields = ("code", "names", "minutes", "items", "position", "is_active")

    def clean_names(self) -> dict[str, str]:
        names = self.cleaned_data["names"]
        shop: Workshop = self.instance.workshop
        wanted = shop.dealer.market.languages
        if (
            not isinstance(names, dict)
            or set(names) != set(wanted)
            or not all(_is_name(each) for each in names.values())
        ):
            languages = ", ".join(wanted)
            raise forms.ValidationError(_("Give a name in each language (%(languages)s).") % {"languages": languages})
        return names


def _is_name(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip()) and len(text) <= 80
