"""Words that mean the same to who searches, which editors change as they learn what people type (H2)."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from portal.admin import ListAdmin
from support.actions.same_words import change_same_words
from support.forms.same_words import SameWordsForm
from support.models import SameWords


@admin.register(SameWords)
class SameWordsAdmin(ListAdmin):
    is_short = True
    form = SameWordsForm
    list_display = ("__str__", "kind", "language", "edited_at")
    list_filter = ("language", "kind")
    search_fields = ("words",)
    ordering = ("language", "kind", "words")
    actions = None

    def get_fieldsets(self, request: HttpRequest, obj: SameWords | None = None) -> Any:
        words = "written" if self.has_change_permission(request, obj) else "words"
        return ((None, {"fields": ("language", "kind", words)}),)

    def has_add_permission(self, request: HttpRequest, obj: SameWords | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: SameWords | None = None) -> bool:
        return request.user.has_perm("support.change_samewords")  # type: ignore[union-attr]

    def save_model(self, request: HttpRequest, obj: SameWords, form: ModelForm, change: bool) -> None:
        staff: Any = request.user
        written = form.cleaned_data
        saved = change_same_words(
            row=obj if change else None,
            language=written["language"],
            kind=written["kind"],
            words=written["written"],
            now=timezone.now(),
            by=staff,
        )
        obj.pk, obj.words = saved.pk, saved.words
