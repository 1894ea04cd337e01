"""What a car's manuals are narrowed by, and what staff say of a manual that they upload (G8)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from garage.actions.manuals import ManualFacts
from garage.manuals import Wanted, language_name
from garage.models import Manual
from garage.rules.manuals import FIRST_YEAR, LAST_YEAR
from portal.free_text import WithoutCardNumbers
from portal.models import Market

MOST_MODELS = 30
YEARS = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]


class ManualSearchForm(WithoutCardNumbers, forms.Form):
    """It lives in the address; choices are what the model's manuals have."""

    q = forms.CharField(
        label=_("Words of the title"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "search"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    year = forms.TypedChoiceField(label=_("Year of the car"), required=False, coerce=int, empty_value=None)
    generation = forms.ChoiceField(label=_("Multimedia generation"), required=False)
    of_model = forms.BooleanField(label=_("Other years and generations of this model, too"), required=False)

    def __init__(self, data: Any = None, *, manuals: Iterable[Manual], this_year: int) -> None:
        super().__init__(data)
        manuals = list(manuals)
        languages = sorted({manual.language for manual in manuals})
        self._choose("language", [(code, language_name(code)) for code in languages])
        first = min((manual.first_year for manual in manuals), default=this_year)
        self._choose("year", [(year, year) for year in range(this_year, first - 1, -1)])
        self._choose("generation", [(name, name) for name in sorted({manual.generation for manual in manuals} - {""})])

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = [("", _("any")), *choices]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        """What can be searched for: a field with a fault counts as left empty."""
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        return Wanted(
            typed=cleaned.get("q", ""),
            language=cleaned.get("language", ""),
            year=cleaned.get("year"),
            generation=cleaned.get("generation", ""),
            of_model=cleaned.get("of_model", False),
        )


class ModelLines(forms.CharField):
    """One model a line."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}), **facts)

    def clean(self, value: Any) -> list[str]:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_MODELS or any(len(line) > 60 for line in lines):
            raise forms.ValidationError(_("At most 30 models, each of at most 60 characters."))
        return lines


class ManualFactsForm(WithoutCardNumbers, forms.Form):
    market = forms.ModelChoiceField(label=_("Market"), queryset=Market.objects.order_by("code"), empty_label=None)
    title = forms.CharField(label=_("Title, in the manual’s own language"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    for_models = ModelLines(label=_("Models, one a line"), help_text=_("As the registry names them."))
    first_year = forms.IntegerField(label=_("First year"), validators=YEARS)
    last_year = forms.IntegerField(
        label=_("Last year"), help_text=_("Empty: still going on."), required=False, validators=YEARS
    )
    generation = forms.CharField(
        label=_("Multimedia generation"), help_text=_("Empty: the same for all."), max_length=12, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_year"), cleaned.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", _("This year is before the first one."))
        return cleaned

    @property
    def facts(self) -> ManualFacts:
        names = ("market", "title", "language", "for_models", "first_year", "last_year", "generation")
        return ManualFacts(**{name: self.cleaned_data[name] for name in names})


class ManualForm(ManualFactsForm):
    """A new one."""

    file = forms.FileField(label=_("PDF"), help_text=_("At most 200 MB, without a password."))


class ManualChangeForm(ManualFactsForm):
    is_active = forms.BooleanField(label=_("Offered to owners"), required=False)


class EditionForm(WithoutCardNumbers, forms.Form):
    file = forms.FileField(label=_("PDF"), help_text=_("At most 200 MB, without a password."))
