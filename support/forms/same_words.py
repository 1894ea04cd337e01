"""Words that mean the same, as editors write them (H2)."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from portal.free_text import WithoutCardNumbers
from support.models import SameWords
from support.rules.synonyms import folded

LONGEST_WORD, MOST_WORDS = 60, 40


class SameWordsForm(WithoutCardNumbers, forms.ModelForm):
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    written = forms.CharField(
        label="words",
        max_length=MOST_WORDS * (LONGEST_WORD + 2),
        help_text="Single words, with commas between them: car, vehicle, automobile. One word alone does nothing.",
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )

    class Meta:
        model = SameWords
        fields = ("language", "kind")

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["written"].initial = ", ".join(self.instance.words or [])
        if self.instance.pk:
            self.fields["language"].disabled = True

    def clean_written(self) -> list[str]:
        words = list(dict.fromkeys(self.cleaned_data["written"].replace(",", " ").split()))
        if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
            raise ValidationError(f"At most {MOST_WORDS} words of {LONGEST_WORD} characters.")
        if not folded(words):
            raise ValidationError("Words are letters and digits.")
        return words
