"""A new article that an editor begins, and the recording of a video (H1)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from portal.free_text import WithoutCardNumbers
from support.categories import CATEGORIES
from support.models import Article
from support.models.recording import MP4, WEBM
from support.rules.webvtt import NotWebVTT, cues

LARGEST_RECORDING = 200_000_000
LARGEST_TRACK = 200_000
MOST_RELATED = 4
DONE_IN = (("portal", "on this site"), ("both", "on this site and in the app"), ("app", "in the app or the car"))


class NewArticleForm(WithoutCardNumbers, forms.Form):
    slug = forms.SlugField(max_length=60, help_text="Part of its address, in every language; it never changes.")
    category = forms.ChoiceField(choices=list(CATEGORIES.items()))
    done_in = forms.ChoiceField(label="where it is done", choices=DONE_IN)
    related = forms.CharField(
        required=False, max_length=250, help_text="Slugs of up to four others, with blanks between them."
    )

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].lower()
        if Article.objects.filter(slug=slug).exists():
            raise ValidationError("There is one already.")
        return slug

    def clean_related(self) -> list[str]:
        return known_slugs(self.cleaned_data["related"])


class PlaceForm(WithoutCardNumbers, forms.Form):
    """Where an article stands. Guides and videos have a category too: its page lists them."""

    category = forms.ChoiceField(choices=list(CATEGORIES.items()))
    also_in = forms.MultipleChoiceField(
        label="shown in these too",
        choices=list(CATEGORIES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    done_in = forms.ChoiceField(label="where it is done", choices=DONE_IN)
    related = forms.CharField(
        required=False, max_length=250, help_text="Slugs of up to four others, with blanks between them."
    )

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        initial = {"category": article.category, "also_in": article.also_in, "done_in": article.done_in}
        super().__init__(*args, initial=initial | {"related": " ".join(article.related)}, **kwargs)
        self.slug = article.slug

    def clean_related(self) -> list[str]:
        slugs = known_slugs(self.cleaned_data["related"])
        if self.slug in slugs:
            raise ValidationError("It is not related to itself.")
        return slugs


class TakeDownForm(WithoutCardNumbers, forms.Form):
    reason = forms.CharField(max_length=300, help_text="Kept in the audit trail, with your name.")


def known_slugs(typed: str) -> list[str]:
    """ValidationError where there are too many, or one that is not there."""
    slugs = list(dict.fromkeys(typed.split()))
    unknown = set(slugs) - set(Article.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    if len(slugs) > MOST_RELATED or unknown:
        raise ValidationError(f"At most four, and there is no {', '.join(sorted(unknown)) or 'more'}.")
    return slugs


class RecordingForm(WithoutCardNumbers, forms.Form):
    """The kind of the file is told by its content, whatever its name says."""

    video = forms.FileField(help_text=f"MP4 or WebM, at most {LARGEST_RECORDING // 1_000_000} MB.")
    captions = forms.FileField(help_text="WebVTT, of everything that is said: the transcript is made of it.")
    chapters = forms.FileField(required=False, help_text="WebVTT; may be left out.")

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files=files, **kwargs)

    def clean_video(self) -> UploadedFile:
        video: UploadedFile = self.cleaned_data["video"]
        if (video.size or 0) > LARGEST_RECORDING:
            raise ValidationError(f"At most {LARGEST_RECORDING // 1_000_000} MB.")
        if media_type_of(video) is None:
            raise ValidationError("This is neither an MP4 nor a WebM file.")
        return video

    def clean_captions(self) -> str:
        return _track(self.cleaned_data["captions"])

    def clean_chapters(self) -> str:
        return _track(self.cleaned_data["chapters"]) if self.cleaned_data["chapters"] else ""


def media_type_of(file: UploadedFile) -> str | None:
    """By its first bytes."""
    file.seek(0)
    start = file.read(64)
    file.seek(0)
    if start[4:8] == b"ftyp":
        return MP4
    return WEBM if start.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in start else None


def _track(file: UploadedFile) -> str:
    if (file.size or 0) > LARGEST_TRACK:
        raise ValidationError(f"At most {LARGEST_TRACK // 1000} kB.")
    try:
        text = file.read().decode("utf-8")
        cues(text)
    except UnicodeDecodeError as error:
        raise ValidationError("It must be UTF-8.") from error
    except NotWebVTT as error:
        raise ValidationError(f"No WebVTT, {error}") from error
    return text
