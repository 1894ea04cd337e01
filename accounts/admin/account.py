"""Accounts in the customer centre's admin: to find and to read. What changes an account is an action."""

from typing import Any

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from accounts.actions.activation import drop_begun_change
from accounts.actions.sessions import end_sessions
from accounts.actions.sign_ins import end_all_sign_ins
from accounts.models import Account, BillingProfile, CopyAddress, SignIn, TermsAcceptance
from portal.admin import NotesReads, ReadOnly
from portal.audit import record

# allauth's own page lets staff confirm and swap addresses without a trace; the account's page shows them instead.
# Its pages of second steps and sessions are as open: they hold secrets and let staff delete what protects somebody.
for open_page in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(open_page)

RIGHTS = ("is_active", "is_staff", "is_superuser", "groups")


class EmailAddressInline(ReadOnly, admin.TabularInline):
    model = EmailAddress
    fields = readonly_fields = ("email", "primary", "verified")
    extra = 0


class BillingProfileInline(ReadOnly, admin.StackedInline):
    model = BillingProfile
    extra = 0


class CopyAddressInline(ReadOnly, admin.TabularInline):
    model = CopyAddress
    fields = readonly_fields = ("email", "asked_at", "confirmed_at")
    extra = 0


class TermsAcceptanceInline(ReadOnly, admin.TabularInline):
    model = TermsAcceptance
    fields = readonly_fields = ("version", "accepted_at", "channel")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("version__market")


@admin.register(Account)
class AccountAdmin(NotesReads, admin.ModelAdmin):
    """Everything is read-only but a person's rights, which only a superuser gives and takes; no password is shown."""

    list_display = ("email", "name", "market", "language", "is_active", "is_staff", "created_at")
    list_filter = ("market", "is_active", "is_staff")
    list_select_related = ("market",)
    search_fields = ("email", "first_name", "last_name")
    search_help_text = "E-mail address or name"
    ordering = ("-created_at",)
    fields = (
        *("public_id", "email", "first_name", "last_name", "phone", "language", "market", "preferred_dealer"),
        *("created_at", "created_channel", "terms_due_on"),
        *RIGHTS,
    )
    filter_horizontal = ("groups",)
    inlines = (EmailAddressInline, BillingProfileInline, CopyAddressInline, TermsAcceptanceInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name not in RIGHTS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)  # type: ignore[union-attr]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

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
