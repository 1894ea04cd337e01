"""The hub's articles for editors: what is missing or stale in a language, and the words of each (H1)."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from portal.admin import ListAdmin
from support.actions.articles import change_text
from support.admin import editing
from support.admin.report import report
from support.forms.hub import ArticleTextForm
from support.models import Article, ArticleDraft, ArticleText

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class Missing(admin.SimpleListFilter):
    title = "missing in"
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(settings.LANGUAGES)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if self.value() not in LANGUAGES:
            return queryset
        return queryset.filter(~Exists(ArticleText.objects.filter(article=OuterRef("pk"), language=self.value())))


class Waiting(admin.SimpleListFilter):
    title = "draft"
    parameter_name = "draft"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        drafts = ArticleDraft.objects.filter(article=OuterRef("pk"))
        return queryset.filter(Exists(drafts)) if self.value() else queryset


class Stale(admin.SimpleListFilter):
    title = "older than another language"
    parameter_name = "stale"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ArticleText]) -> QuerySet[ArticleText]:
        return queryset.filter(older()) if self.value() else queryset


def older() -> Q:
    """Texts that another language has overtaken."""
    newer = ArticleText.objects.filter(article=OuterRef("article"), updated_at__gt=OuterRef("updated_at"))
    return Q(Exists(newer))


@admin.register(Article)
class ArticleAdmin(ListAdmin):
    is_short = True
    change_list_template = "admin/support/article/change_list.html"
    change_form_template = "admin/support/article/change_form.html"
    list_display = ("slug", "kind", "category", "done_in", "up", "missing", "stale", "waiting", "edit")
    list_filter = ("kind", "category", ("taken_down_at", admin.EmptyFieldListFilter), Missing, Waiting)
    search_fields = ("slug", "texts__question")
    ordering = ("position",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request).prefetch_related("texts", "drafts")

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, Any] = {
            "new": editing.new_article,
            "report": report,
            "<int:pk>/languages": editing.languages,
            "<int:pk>/place": editing.place,
            "<int:pk>/visibility": editing.visibility,
            "<int:pk>/preview/<slug:language>": editing.preview,
            "<int:pk>/recording/<slug:language>": editing.recording,
        }
        wrapped = self.admin_site.admin_view
        own = [
            path(f"{place}/", wrapped(view), name=f"support_article_{view.__name__}") for place, view in pages.items()
        ]
        return [*own, *super().get_urls()]

    @admin.display(description="up", boolean=True, ordering="taken_down_at")
    def up(self, row: Article) -> bool:
        return row.is_up

    @admin.display(description="missing")
    def missing(self, row: Article) -> str:
        there = {text.language for text in row.texts.all()}
        return ", ".join(code for code in LANGUAGES if code not in there)

    @admin.display(description="stale")
    def stale(self, row: Article) -> str:
        texts = list(row.texts.all())
        newest = max((text.updated_at for text in texts), default=None)
        return ", ".join(text.language for text in texts if text.updated_at != newest)

    @admin.display(description="draft")
    def waiting(self, row: Article) -> str:
        return ", ".join(sorted(draft.language for draft in row.drafts.all()))

    @admin.display(description="words")
    def edit(self, row: Article) -> str:
        url = reverse("admin:support_article_languages", args=[row.pk])
        return format_html('<a href="{}">both languages</a>', url)


@admin.register(ArticleText)
class ArticleTextAdmin(ListAdmin):
    is_short = True
    form = ArticleTextForm
    list_display = ("question", "language", "category", "updated_at", "edited_at")
    list_filter = ("language", Stale, "article__category")
    search_fields = ("question", "article__slug")
    list_select_related = ("article",)
    ordering = ("article__position", "language")
    actions = None

    @admin.display(ordering=F("article__category"))
    def category(self, row: ArticleText) -> str:
        return row.article.category

    def get_fieldsets(self, request: HttpRequest, obj: ArticleText | None = None) -> Any:
        words = ("words",) if self.has_change_permission(request, obj) else ("keywords",)
        return ((None, {"fields": ("question", "body", *words)}),)

    def has_change_permission(self, request: HttpRequest, obj: ArticleText | None = None) -> bool:
        return request.user.has_perm("support.change_articletext")  # type: ignore[union-attr]

    def save_model(self, request: HttpRequest, obj: ArticleText, form: ModelForm, change: bool) -> None:
        staff: Any = request.user
        written = form.cleaned_data
        change_text(
            text=obj,
            question=written["question"],
            body=written["body"],
            keywords=written["words"],
            now=timezone.now(),
            by=staff,
        )
