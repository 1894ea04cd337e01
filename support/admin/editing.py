"""The editors' pages of an article: both languages side by side, drafts, preview, versions, recordings (H1)."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone, translation

from portal.models import Market
from portal.refusals import Refusal
from support.actions import drafts, placing, recordings
from support.articles.howtos import howto
from support.articles.hub import answer, url_of
from support.categories import CATEGORIES
from support.channels import channels_of
from support.forms.articles import NewArticleForm, PlaceForm, RecordingForm, TakeDownForm, media_type_of
from support.forms.hub import DraftForm, links_as_text
from support.models import Article, ArticleDraft, ArticleText, ArticleVersion, Kind

LANGUAGES = dict(settings.LANGUAGES)
MOST_VERSIONS = 10


@dataclass
class Column:
    """An article in one language, as its editor sees it."""

    language: str
    name: str
    text: ArticleText | None
    draft: ArticleDraft | None
    versions: list[ArticleVersion]
    is_stale: bool
    form: DraftForm


def languages(request: HttpRequest, pk: int) -> HttpResponse:
    """What is written goes into a draft; published it is by a button of its own, or at its moment."""
    article = _article(request, pk)
    with timezone.override(_market().zone):
        written, now = _written(request, article), timezone.now()
        if written and written.is_valid():
            return _save(request, article, written)
        asked = request.POST.get("do") if request.method == "POST" else ""
        if asked:
            return _do(request, article, asked)
        context = {
            **admin.site.each_context(request),
            "title": f"{article.slug}: both languages",
            "article": article,
            "columns": _columns(article, written),
            "now": now,
        }
        return TemplateResponse(request, "admin/support/article/languages.html", context)


def preview(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The draft, or what is published, as readers see it."""
    article = _article(request, pk)
    words = article.drafts.filter(language=language).first() or article.texts.filter(language=language).first()
    if words is None or language not in LANGUAGES:
        raise Http404
    if isinstance(words, ArticleDraft):
        words.updated_at = words.saved_at  # type: ignore[attr-defined]
    market = _market()
    with translation.override(language):
        if article.kind != Kind.ANSWER:
            shown = howto(article, words, language=language, market=market)
            return render(request, "support/howto.html", {"howto": shown})
        context = {
            "answer": answer(article, words, language=language, market=market),
            "name": CATEGORIES[article.category],
            "category": article.category,
            "channels": channels_of(market, now=timezone.now()),
        }
        return render(request, "support/article.html", context)


def new_article(request: HttpRequest) -> HttpResponse:
    _check(request)
    form = NewArticleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        article = drafts.begin_article(**form.cleaned_data, now=timezone.now(), by=_staff(request))
        return redirect("admin:support_article_languages", article.pk)
    return _form_page(request, form, title="Begin an article", label="Begin it")


def place(request: HttpRequest, pk: int) -> HttpResponse:
    article = _article(request, pk)
    form = PlaceForm(request.POST if request.method == "POST" else None, article=article)
    if form.is_valid():
        placing.place_article(article=article, **form.cleaned_data, now=timezone.now(), by=_staff(request))
        messages.success(request, "It stands there now.")
        return redirect("admin:support_article_languages", pk)
    return _form_page(request, form, title=f"{article.slug}: where it stands", label="Save")


def visibility(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes it down, with a reason, or puts it up again."""
    article, now = _article(request, pk), timezone.now()
    form = TakeDownForm(request.POST if request.method == "POST" else None) if article.is_up else Form(request.POST)
    title = f"{article.slug}: {'take it down' if article.is_up else 'put it up again'}"
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, title=title, label="Take it down" if article.is_up else "Put it up again")
    try:
        if article.is_up:
            placing.take_down(article=article, reason=form.cleaned_data["reason"], now=now, by=_staff(request))
            messages.success(request, "Readers do not see it any more.")
        else:
            placing.put_up(article=article, now=now, by=_staff(request))
            messages.success(request, "Readers see it again.")
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect("admin:support_article_languages", pk)


def _form_page(request: HttpRequest, form: Form, *, title: str, label: str) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, "form": form, "label": label}
    return TemplateResponse(request, "admin/support/article/form.html", context)


def recording(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    article = _article(request, pk)
    if article.kind != Kind.VIDEO or language not in LANGUAGES:
        raise Http404
    there = article.recordings.filter(language=language).first()
    if request.method == "POST" and "remove" in request.POST and there:
        recordings.remove_recording(recording=there, now=timezone.now(), by=_staff(request))
        messages.success(request, "The recording is removed; the page shows its drawn steps.")
        return redirect("admin:support_article_languages", pk)
    form = RecordingForm(request.POST, request.FILES) if request.method == "POST" else RecordingForm()
    if form.is_valid():
        _add(request, article, language, form)
        return redirect("admin:support_article_languages", pk)
    title = f"{article.slug}: recording in {LANGUAGES[language]}"
    context = {**admin.site.each_context(request), "title": title, "form": form, "label": "Add it", "there": there}
    return TemplateResponse(request, "admin/support/article/form.html", context)


def _add(request: HttpRequest, article: Article, language: str, form: RecordingForm) -> None:
    files = form.cleaned_data
    added = recordings.add_recording(
        article=article,
        language=language,
        video=files["video"],
        media_type=media_type_of(files["video"]) or "",
        captions=files["captions"],
        chapters=files["chapters"],
        now=timezone.now(),
        by=_staff(request),
    )
    messages.success(request, f"The recording is there: {url_of(added.article)}")


def _written(request: HttpRequest, article: Article) -> DraftForm | None:
    language = request.POST.get("language", "")
    if request.method != "POST" or "do" in request.POST or language not in LANGUAGES:
        return None
    return DraftForm(request.POST, kind=article.kind, prefix=language)


def _save(request: HttpRequest, article: Article, form: DraftForm) -> HttpResponse:
    words = dict(form.cleaned_data)
    draft = drafts.save_draft(
        article=article,
        language=str(form.prefix),
        question=words["question"],
        body=words["body"],
        keywords=words["words"],
        links=words["links"],
        publish_at=words["publish_at"],
        now=timezone.now(),
        by=_staff(request),
    )
    if "publish" in request.POST:
        drafts.publish_draft(draft=draft, now=timezone.now(), by=_staff(request))
        messages.success(request, "It is published.")
    else:
        messages.success(request, "The draft is saved; readers do not see it.")
    return redirect("admin:support_article_languages", article.pk)


def _do(request: HttpRequest, article: Article, asked: str) -> HttpResponse:
    """A button beside the form: `publish`, `discard`, or `restore` with the version's key."""
    now, by = timezone.now(), _staff(request)
    draft = article.drafts.filter(language=request.POST.get("language", "")).first()
    try:
        if asked == "publish" and draft:
            drafts.publish_draft(draft=draft, now=now, by=by)
            messages.success(request, "It is published.")
        elif asked == "discard" and draft:
            drafts.discard_draft(draft=draft, now=now, by=by)
            messages.success(request, "The draft is gone.")
        elif asked == "restore" and request.POST.get("version", "").isdecimal():
            version = get_object_or_404(article.versions, pk=int(request.POST["version"][:18]))
            drafts.draft_of_version(version=version, now=now, by=by)
            messages.success(request, "The version is a draft now; publish it to show it again.")
        else:
            messages.error(request, "There is no draft any more.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:support_article_languages", article.pk)


def _columns(article: Article, written: DraftForm | None) -> list[Column]:
    texts = {text.language: text for text in article.texts.defer("search")}
    waiting = {draft.language: draft for draft in article.drafts.all()}
    newest = max((text.updated_at for text in texts.values()), default=None)
    return [
        Column(
            language=language,
            name=name,
            text=texts.get(language),
            draft=waiting.get(language),
            versions=list(article.versions.filter(language=language).order_by("-at", "-pk")[:MOST_VERSIONS]),
            is_stale=language in texts and texts[language].updated_at != newest,
            form=written
            if written and written.prefix == language
            else _form(article, language, waiting.get(language) or texts.get(language)),
        )
        for language, name in settings.LANGUAGES
    ]


def _form(article: Article, language: str, words: ArticleDraft | ArticleText | None) -> DraftForm:
    initial: dict[str, Any] = {}
    if words:
        initial = {"question": words.question, "body": words.body, "words": "\n".join(words.keywords)}
        initial |= {"links": links_as_text(words.links), "publish_at": getattr(words, "publish_at", None)}
    return DraftForm(kind=article.kind, prefix=language, initial=initial)


def _article(request: HttpRequest, pk: int) -> Article:
    _check(request)
    return get_object_or_404(Article, pk=pk)


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm("support.change_articletext"):  # type: ignore[union-attr]
        raise PermissionDenied


def _staff(request: HttpRequest) -> Any:
    return request.user


def _market() -> Market:
    return Market.objects.select_related("brand", "legal_entity").get(is_default=True)
