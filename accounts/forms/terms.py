"""A draft of the Terms of Use as editors write it: each language in a field of its own, side by side (A2)."""

from typing import Any

from django import forms
from django.conf import settings

from accounts.models import TermsVersion
from portal.free_text import WithoutCardNumbers

# The name of the field that holds the text in each language of the site.
TEXT_FIELDS = {code: f"text_{code}" for code, _name in settings.LANGUAGES}
LONGEST_TEXT = 100_000


class _DraftForm(WithoutCardNumbers, forms.ModelForm):
    class Meta:
        model = TermsVersion
        fields = ("market", "version", "effective_at")
        help_texts = {
            "effective_at": "By the clock at the top of the page. It must lie ahead when the version is published.",
            "version": "A number of its own, such as 2027-01.",
        }

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for language, name in TEXT_FIELDS.items():
            self.fields[name].initial = self.instance.texts.get(language, "")

    @property
    def texts(self) -> dict[str, str]:
        """What was written, without the languages that are still empty."""
        written = {language: self.cleaned_data[name] for language, name in TEXT_FIELDS.items()}
        return {language: text.replace("\r\n", "\n") for language, text in written.items() if text}


def _text_field(language: str) -> forms.CharField:
    return forms.CharField(
        label=language,
        required=False,
        max_length=LONGEST_TEXT,
        help_text="Paragraphs are separated by an empty line; a line that begins with “## ” is a heading.",
        widget=forms.Textarea(attrs={"rows": 30, "cols": 48}),
    )


TermsDraftForm: type[forms.ModelForm] = type(
    "TermsDraftForm", (_DraftForm,), {TEXT_FIELDS[code]: _text_field(name) for code, name in settings.LANGUAGES}
)
