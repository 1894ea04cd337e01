"""An incident or maintenance as staff write it: title and text of each language in fields of their own."""

from typing import Any

from django import forms
from django.conf import settings

from portal.free_text import WithoutCardNumbers
from subscriptions.models import ServiceIncident

# The names of the fields that hold the words of each language of the site.
TITLE_FIELDS = {code: f"title_{code}" for code, _name in settings.LANGUAGES}
TEXT_FIELDS = {code: f"text_{code}" for code, _name in settings.LANGUAGES}


class _IncidentForm(WithoutCardNumbers, forms.ModelForm):
    class Meta:
        model = ServiceIncident
        fields = ("kind", "packages", "services", "markets", "began_at", "ends_at")
        help_texts = {
            "packages": "None here and among the services: all packages are concerned.",
            "services": "Every package with one of them is concerned.",
            "markets": "None: all markets.",
            "began_at": (
                "By the clock at the top of the page. Ahead of now it is announced: "
                "customers see it in the 14 days before."
            ),
            "ends_at": "By the same clock. Leave it empty as long as nobody knows it.",
        }

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for language in TITLE_FIELDS:
            self.fields[TITLE_FIELDS[language]].initial = self.instance.titles.get(language, "")
            self.fields[TEXT_FIELDS[language]].initial = self.instance.texts.get(language, "")

    @property
    def titles(self) -> dict[str, str]:
        return {language: self.cleaned_data[name] for language, name in TITLE_FIELDS.items()}

    @property
    def texts(self) -> dict[str, str]:
        written = {language: self.cleaned_data[name] for language, name in TEXT_FIELDS.items()}
        return {language: text.replace("\r\n", "\n") for language, text in written.items()}


def _fields() -> dict[str, forms.CharField]:
    found = {}
    for code, name in settings.LANGUAGES:
        found[TITLE_FIELDS[code]] = forms.CharField(label=f"Title ({name})", max_length=120)
        found[TEXT_FIELDS[code]] = forms.CharField(
            label=f"Text ({name})",
            max_length=2000,
            help_text="What does not work, and what to do meanwhile.",
            widget=forms.Textarea(attrs={"rows": 5, "cols": 60}),
        )
    return found


IncidentForm: type[forms.ModelForm] = type("IncidentForm", (_IncidentForm,), dict(_fields()))
