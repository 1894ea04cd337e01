"""An article in one language, as editors write it (H1)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.free_text import WithoutCardNumbers
from support.models import ArticleText
from support.placeholders import PLACEHOLDERS, unknown_in

LONGEST_BODY = 6_000
LONGEST_KEYWORD = 80
MOST_KEYWORDS = 40


class ArticleTextForm(WithoutCardNumbers, forms.ModelForm):
    words = forms.CharField(
        label="keywords",
        required=False,
        max_length=MOST_KEYWORDS * (LONGEST_KEYWORD + 2),
        help_text="One a line: what else people type for it. Never shown.",
        widget=forms.Textarea(attrs={"rows": 12, "cols": 40}),
    )

    class Meta:
        model = ArticleText
        fields = ("question", "body")
        help_texts = {
            "body": "Paragraphs, lists, **bold**, tables. What a rule or the market decides is a placeholder: "
            + ", ".join(sorted(PLACEHOLDERS)),
        }

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["words"].initial = "\n".join(self.instance.keywords)
        self.fields["body"].widget.attrs |= {"rows": 24, "maxlength": LONGEST_BODY}

    def clean_question(self) -> str:
        return _with_known_placeholders(self.cleaned_data["question"])

    def clean_body(self) -> str:
        body = self.cleaned_data["body"].replace("\r\n", "\n").strip()
        if len(body) > LONGEST_BODY:
            raise ValidationError(f"At most {LONGEST_BODY} characters.")
        return _with_known_placeholders(body)

    def clean_words(self) -> list[str]:
        words = [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]
        if len(words) > MOST_KEYWORDS or any(len(word) > LONGEST_KEYWORD for word in words):
            raise ValidationError(f"At most {MOST_KEYWORDS} keywords of {LONGEST_KEYWORD} characters.")
        return words


def _with_known_placeholders(text: str) -> str:
    unknown = [name for _line, name in unknown_in(text)]
    if unknown:
        raise ValidationError(f"No placeholder: {', '.join(unknown)}.")
    return text
