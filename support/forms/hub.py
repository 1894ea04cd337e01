"""The words of an article in one language, as editors write them (H1): at once, or as a draft."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.free_text import WithoutCardNumbers
from portal.markdown import other_markup
from support.articles import outline
from support.articles.placeholders import PLACEHOLDERS, unknown_in
from support.models import ArticleText, Kind
from support.site_pages import pages_without_arguments

LONGEST_BODY = 6_000
LONGEST_KEYWORD = 80
MOST_KEYWORDS = 40
LONGEST_LINK = 80
MOST_LINKS = 8
ABOUT_BODY = (
    "Paragraphs, lists (- and 1.) and **bold**; a guide or video also has steps (## Title) and drawings "
    "(![what it shows](name)). What a rule or the market decides is a placeholder: " + ", ".join(sorted(PLACEHOLDERS))
)


def keywords_field() -> forms.CharField:
    return forms.CharField(
        label="keywords",
        required=False,
        max_length=MOST_KEYWORDS * (LONGEST_KEYWORD + 2),
        help_text="One a line: what else people type for it. Never shown.",
        widget=forms.Textarea(attrs={"rows": 12, "cols": 40}),
    )


class ChecksWords(WithoutCardNumbers):
    """What both forms refuse, as the reader of the files does."""

    cleaned_data: dict[str, Any]
    kind: str

    def clean_question(self) -> str:
        return _with_known_placeholders(self.cleaned_data["question"])

    def clean_body(self) -> str:
        body = self.cleaned_data["body"].replace("\r\n", "\n").strip()
        if len(body) > LONGEST_BODY:
            raise ValidationError(f"At most {LONGEST_BODY} characters.")
        faults = _faults(body) if self.kind == Kind.ANSWER else list(outline.faults(body))
        if faults:
            raise ValidationError([f"Line {number}: {sentence}" for number, sentence in faults])
        return _with_known_placeholders(body)

    def clean_words(self) -> list[str]:
        words = [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]
        if len(words) > MOST_KEYWORDS or any(len(word) > LONGEST_KEYWORD for word in words):
            raise ValidationError(f"At most {MOST_KEYWORDS} keywords of {LONGEST_KEYWORD} characters.")
        return words


class ArticleTextForm(ChecksWords, forms.ModelForm):
    """Seen by readers as soon as it is saved."""

    words = keywords_field()

    class Meta:
        model = ArticleText
        fields = ("question", "body")
        help_texts = {"body": ABOUT_BODY}

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.kind = self.instance.article.kind if self.instance.article_id else Kind.ANSWER
        self.fields["words"].initial = "\n".join(self.instance.keywords)
        self.fields["body"].widget.attrs |= {"rows": 24, "maxlength": LONGEST_BODY}


class DraftForm(ChecksWords, forms.Form):
    question = forms.CharField(label="question or title", max_length=120, widget=forms.TextInput(attrs={"size": 44}))
    body = forms.CharField(
        help_text=ABOUT_BODY, widget=forms.Textarea(attrs={"rows": 24, "cols": 60, "maxlength": LONGEST_BODY})
    )
    words = keywords_field()
    links = forms.CharField(
        required=False,
        max_length=MOST_LINKS * 200,
        help_text="One a line: name of the page, a colon, the words. Such as wallet: My wallet",
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )
    publish_at = forms.DateTimeField(
        label="publish at",
        required=False,
        help_text="Of the market's clock, such as 2026-05-01 09:00. Empty: when somebody publishes it.",
    )

    def __init__(self, data: Any = None, *, kind: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.kind = kind

    def clean_links(self) -> list[dict[str, str]]:
        lines = [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]
        if len(lines) > MOST_LINKS:
            raise ValidationError(f"At most {MOST_LINKS} links.")
        return [_link(line) for line in lines]


def links_as_text(links: list[dict[str, str]]) -> str:
    return "\n".join(f"{link['page']}: {link['text']}" for link in links)


def _link(line: str) -> dict[str, str]:
    page, _colon, words = (part.strip() for part in line.partition(":"))
    if page not in pages_without_arguments():
        raise ValidationError(f"No page without arguments is called {page}.")
    if not words or len(words) > LONGEST_LINK:
        raise ValidationError(f"{page} needs words, of at most {LONGEST_LINK} characters.")
    return {"page": page, "text": _with_known_placeholders(words)}


def _faults(body: str) -> list[tuple[int, str]]:
    return [(number, f"{sign} is none of the markup of an answer.") for number, sign in other_markup(body)]


def _with_known_placeholders(text: str) -> str:
    unknown = [name for _line, name in unknown_in(text)]
    if unknown:
        raise ValidationError(f"No placeholder: {', '.join(unknown)}.")
    return text
