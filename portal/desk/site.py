"""The admin's door: the site's one sign-in, and a second step that was taken in this session (K1).

Django's own sign-in form of the admin is gone; its address leads to what is still missing.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import secure_admin_login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit
from portal.desk import home
from portal.hourly_limit import take_turn

# Of one page by one person: what comes after tells nothing new.
REFUSALS_NOTED_AN_HOUR = 5
# Recovery codes stand in for a step that was lost; alone they are none.
STEPS = ["totp", "webauthn"]


# Pages of the desk that are of no model, by their address; apps above register theirs in `ready()`.
PAGES: dict[str, Callable[..., HttpResponse]] = {}


class StaffSite(AdminSite):
    index_title = gettext_lazy("Home")

    def get_urls(self) -> Any:
        own = [path(f"{name}/", self.admin_view(view), name=name) for name, view in PAGES.items()]
        return [*own, *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and took_second_step(request)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Around every page of the desk: whoever is refused there is on record, and all clocks are the market's."""
        return super().admin_view(_by_the_markets_clock(_noting_refusals(_by_a_named_field(view))), cacheable)

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """What waits for whoever reads it, and the figures of the day (K4)."""
        now = timezone.now()
        shown = {
            "waiting": home.waiting_for(request.user, now=now),
            "figures": home.figures_for(request.user, now=now),
            "now": now,
        }
        return super().index(request, shown | (extra_context or {}))

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Behind the sign-in: staff set their second step up, or take it."""
        wanted = get_next_redirect_url(request) or reverse("admin:index", current_app=self.name)
        if took_second_step(request):
            return redirect(wanted)
        if not is_mfa_enabled(request.user, STEPS):  # type: ignore[arg-type]
            messages.warning(request, _("Staff sign in with a second step. Set one up here, then open the admin."))
            return redirect("security")
        return redirect(f"{_page_of_the_step(request)}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")


def _by_the_markets_clock(view: Callable[..., Any]) -> Callable[..., Any]:
    """Staff and customer speak of the same hour: that of the market in which the member of staff works."""

    @wraps(view)
    def with_clock(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        who: Any = request.user
        with timezone.override(who.market.zone):
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response

    return with_clock


def _noting_refusals(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def noting(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied:
            note_refusal(request, now=timezone.now())
            raise

    return noting


def _by_a_named_field(view: Callable[..., Any]) -> Callable[..., Any]:
    """Django refuses to find a row by a field that is not its key; by a field without a name it would look for one."""

    @wraps(view)
    def by_a_named_field(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR)) == "":
            raise DisallowedModelAdminToField("A field without a name")
        return view(request, *args, **kwargs)

    return by_a_named_field


def note_refusal(request: HttpRequest, *, now: datetime) -> None:
    """Who tried which page, by its name: neither row nor what was typed. A few of an hour stand for a flood."""
    who: Any = request.user
    page = request.resolver_match.url_name if request.resolver_match else None
    if take_turn("desk-refusals", f"{who.pk}:{page}", most=REFUSALS_NOTED_AN_HOUR, now=now):
        audit.record("desk refused", account=who, by=who, now=now, page=page or "", method=request.method or "")


def took_second_step(request: HttpRequest) -> bool:
    """Whether a code or a passkey was given in this session, and the account still has a second step."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    taken = any(record.get("method") == "mfa" for record in records)
    return taken and is_mfa_enabled(request.user, STEPS)  # type: ignore[arg-type]


def _page_of_the_step(request: HttpRequest) -> str:
    ways = get_adapter(request).get_reauthentication_methods(request.user)  # type: ignore[arg-type]
    return next(way["url"] for way in ways if way["id"].startswith("mfa_reauthenticate"))
