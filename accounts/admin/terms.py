"""Versions of the Terms of Use: written as drafts, published once, then never changed; and who accepted which (A2)."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from accounts.actions.terms_versions import check_publishable, discard_draft, publish_terms, save_draft
from accounts.forms.terms import TEXT_FIELDS, TermsDraftForm
from accounts.models import TermsAcceptance, TermsVersion
from portal.admin import ListAdmin
from portal.desk.export import ExportsList
from portal.desk.forms import PLAIN_FIELDS
from portal.legal_text import blocks
from portal.refusals import Refusal


@admin.register(TermsVersion)
class TermsVersionAdmin(ExportsList, admin.ModelAdmin):
    """A draft has a form, a button that publishes it, and a preview; a published version has the preview alone."""

    form = TermsDraftForm
    change_form_template = "admin/accounts/termsversion/change_form.html"
    list_display = ("market", "version", "effective_at", "is_draft")
    list_select_related = ("market",)
    ordering = ("-effective_at",)
    actions = None
    formfield_overrides = PLAIN_FIELDS

    def get_fieldsets(self, request: HttpRequest, obj: TermsVersion | None = None) -> Any:
        facts = (None, {"fields": ("market", "version", "effective_at")})
        texts = ("Texts", {"fields": (tuple(TEXT_FIELDS.values()),), "classes": ("side-by-side",)})
        seen = ("As customers read it", {"fields": ("preview",)})
        if obj is None:
            return (facts, texts)
        if self.has_change_permission(request, obj):
            return (facts, texts, seen)
        return ((None, {"fields": ("country", "version", "effective_at")}), seen)

    def get_readonly_fields(self, request: HttpRequest, obj: TermsVersion | None = None) -> tuple[str, ...]:
        return ("country", "preview")

    @admin.display(description="country")
    def country(self, version: TermsVersion) -> str:
        """In words: an editor does not open markets."""
        return str(version.market)

    @admin.display(description="preview")
    def preview(self, version: TermsVersion) -> SafeString:
        """Every language side by side, as the page takes the text apart; a draft's as it was saved last."""
        texts = [(language, blocks(version.texts.get(language, ""))) for language in version.market.languages]
        return mark_safe(render_to_string("admin/accounts/termsversion/_preview.html", {"texts": texts}))  # noqa: S308  (a template)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who may change a draft may begin one: no role adds or deletes rows of anything else."""
        return self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: TermsVersion | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_delete_permission(self, request: HttpRequest, obj: TermsVersion | None = None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: TermsVersion, form: ModelForm, change: bool) -> None:
        staff: Any = request.user
        saved = save_draft(
            draft=obj if change else None,
            market=obj.market,
            version=obj.version,
            effective_at=obj.effective_at,
            texts=form.texts,  # type: ignore[attr-defined]
            now=timezone.now(),
            by=staff,
        )
        obj.pk = saved.pk

    def delete_model(self, request: HttpRequest, obj: TermsVersion) -> None:
        staff: Any = request.user
        discard_draft(draft=obj, now=timezone.now(), by=staff)

    def get_urls(self) -> list[URLPattern]:
        publication = path(
            "<int:pk>/publication/",
            self.admin_site.admin_view(self.publication),
            name="accounts_termsversion_publication",
        )
        return [publication, *super().get_urls()]

    def publication(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what publishing brings, and does it."""
        version = get_object_or_404(TermsVersion.objects.select_related("market"), pk=pk)
        if not self.has_change_permission(request, version):
            raise PermissionDenied
        back = redirect("admin:accounts_termsversion_change", pk)
        now, staff = timezone.now(), request.user
        try:
            if request.method == "POST":
                publish_terms(draft=version, now=now, by=staff)  # type: ignore[arg-type]
                messages.success(request, f"Version {version.version} is published.")
                return back
            check_publishable(version, now=now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return back
        context = {
            **self.admin_site.each_context(request),
            "title": f"Publish version {version.version}",
            "version": version,
            "media": self.media,
            "preview": self.preview(version),
            "back_url": reverse("admin:accounts_termsversion_change", args=[pk]),
        }
        return TemplateResponse(request, "admin/accounts/termsversion/publication.html", context)


@admin.register(TermsAcceptance)
class TermsAcceptanceAdmin(ListAdmin):
    list_display = ("account", "version", "accepted_at", "channel")
    list_select_related = ("account", "version")
    search_fields = ("account",)
    ordering = ("-pk",)
