"""Apps and cars that are signed in, and the clients that they are; both are read only here (A5)."""

# Registers the two first, whatever the order of the apps.
import allauth.idp.oidc.admin  # noqa: F401
from allauth.idp.oidc.models import Client, Token
from django.contrib import admin

from accounts.models import SignIn
from portal.admin import ListAdmin

# Clients are data (`load_clients`), and a token is nobody's to look at or to make.
admin.site.unregister(Client)
admin.site.unregister(Token)


@admin.register(Client)
class ClientAdmin(ListAdmin):
    is_short = True
    list_display = ("id", "name", "scopes", "created_at")
    fields = ("id", "name", "scopes", "grant_types", "redirect_uris", "data", "created_at")
    ordering = ("id",)


@admin.register(SignIn)
class SignInAdmin(ListAdmin):
    list_display = ("account", "client", "label", "begun_at", "last_used_at", "ended_at", "ended_why")
    list_filter = ("client", "ended_why")
    list_select_related = ("account", "client")
    search_fields = ("account",)
    ordering = ("-pk",)
