"""Accounts in the customer centre's admin: to find and to read. What changes an account is an action."""

from functools import partial
from typing import Any

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone

from accounts import customer_page
from accounts.actions.activation import drop_begun_change
from accounts.actions.sessions import end_sessions
from accounts.actions.sign_ins import end_all_sign_ins
from accounts.models import Account, BillingProfile, CopyAddress, SignIn, TermsAcceptance
from portal.admin import ReadOnly
from portal.audit import record
from portal.desk.pages import Button, Desk, Panel

# allauth's own page lets staff confirm and swap addresses without a trace; the account's page shows them instead.
# Its pages of second steps and sessions are as open: they hold secrets and let staff delete what protects somebody.
for open_page in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(open_page)

RIGHTS = ("is_active", "is_staff", "is_superuser", "groups")


class EmailAddressInline(ReadOnly, admin.StackedInline):
    model = EmailAddress
    fields = readonly_fields = ("email", "primary", "verified")
    extra = 0


class BillingProfileInline(ReadOnly, admin.StackedInline):
    model = BillingProfile
    extra = 0


class CopyAddressInline(ReadOnly, admin.StackedInline):
    model = CopyAddress
    fields = readonly_fields = ("email", "asked_at", "confirmed_at")
    extra = 0


class TermsAcceptanceInline(ReadOnly, admin.StackedInline):
    model = TermsAcceptance
    # In words: who reads accounts does not keep the Terms.
    fields = readonly_fields = ("accepted", "accepted_at", "channel")
    extra = 0

    @admin.display(description="version")
    def accepted(self, row: TermsAcceptance) -> str:
        return str(row.version)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("version__market")


@admin.register(Account)
class AccountAdmin(Desk):
    """Everything is read-only but a person's rights, which only a superuser gives and takes; no password is shown.

    It shows the customer whole (K2): sections, buttons and pages come from all apps (`accounts/customer_page.py`).
    """

    change_form_template = "admin/accounts/account/change_form.html"

    list_display = ("email", "name", "market", "language", "is_active", "is_staff", "created_at")
    list_filter = ("market", "is_active", "is_staff")
    list_select_related = ("market",)
    search_fields = ("pk",)
    search_help_text = "E-mail address or name"
    ordering = ("-pk",)
    # Side by side: what follows below is what the page is opened for.
    facts = (
        ("email", "phone", "public_id"),
        ("first_name", "last_name", "preferred_dealer"),
        ("market", "language", "terms_due_on"),
        ("created_at", "created_channel"),
    )
    fields = (*(name for row in facts for name in row), *RIGHTS)
    filter_horizontal = ("groups",)
    inlines = (EmailAddressInline, BillingProfileInline, CopyAddressInline, TermsAcceptanceInline)

    def name_of(self, row: Account) -> str:
        return row.email

    def customers_of(self, row: Account) -> list[int]:
        return [row.pk]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("market")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:object_id>/{noun}/",
                self.admin_site.admin_view(self._noted(partial(self._page, page))),
                name=f"accounts_account_{noun}",
            )
            for noun, page in customer_page.PAGES.items()
        ]
        return own + super().get_urls()

    def _page(self, page: customer_page.Page, request: HttpRequest, object_id: int) -> HttpResponse:
        """Raises `PermissionDenied` without the right that the page needs."""
        if not all(request.user.has_perm(needed) for needed in ("accounts.view_account", page.needs)):  # type: ignore[union-attr]
            raise PermissionDenied
        return page.show(self, request, get_object_or_404(self.get_queryset(request), pk=object_id))

    def panels(self, request: HttpRequest, row: Account) -> list[Panel]:
        return customer_page.sections_of(row, request.user)

    def buttons(self, request: HttpRequest, row: Account) -> list[Button]:
        return customer_page.buttons_of(row, request.user)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rights stand there for who gives them, and of who has any."""
        has_rights = self.has_change_permission(request, obj) or bool(obj and obj.is_staff)
        shown = (*self.facts, *(RIGHTS if has_rights else ("is_active",)))
        return [(None, {"fields": [self._seen(request, each) for each in shown]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(name for row in self.facts for name in row)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)  # type: ignore[union-attr]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.changed_data:
            staff: Any = request.user
            if "is_active" in form.changed_data and not form.instance.is_active:
                _shut_out(form.instance, by=staff)
            record("rights_changed", account=form.instance, by=staff, now=timezone.now(), fields=form.changed_data)


def _shut_out(account: Account, *, by: Account) -> None:
    """Nothing of what let somebody in, or would, is there again when the account is opened again."""
    end_sessions(account=account, now=timezone.now(), by=by)
    end_all_sign_ins(account=account, why=SignIn.CLOSED, now=timezone.now(), by=by)
    drop_begun_change(account=account)
