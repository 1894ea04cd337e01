"""What a dealer is looked for by (A4)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Town
from portal.free_text import WithoutCardNumbers


class DealerSearchForm(WithoutCardNumbers, forms.Form):
    q = forms.CharField(
        label=_("Name, town or postcode"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "search"}),
    )
    near = forms.ChoiceField(label=_("Distance from"), required=False)

    def __init__(self, data: Any = None, *, towns: Sequence[Town]) -> None:
        super().__init__(data)
        anywhere = ("", _("what I typed"))
        self.fields["near"].choices = [anywhere, *((town.code, town.name) for town in towns)]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, str]:
        """What can be searched for: a field with a fault counts as left empty."""
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        return {"typed": cleaned.get("q", ""), "near": cleaned.get("near", "")}
