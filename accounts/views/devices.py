"""Devices that are signed in (A3): which, since when, last seen; sign out one, or all but this one."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, signed_in_required
from accounts.actions.sessions import end_session, end_sessions
from accounts.browsers import browser_in_words
from accounts.sessions import devices_of

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def devices(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        return cast(HttpResponse, _sign_out(request))
    found = devices_of(request.user, now=timezone.now())
    found.sort(key=lambda each: (each.session_key != request.session.session_key, -each.last_seen_at.timestamp()))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {
            "session": each,
            "is_this": each.session_key == request.session.session_key,
            "browser": browser_in_words(each.user_agent),
        }
        for each in page
    ]
    return render(request, "accounts/devices.html", {"rows": rows, "page": page, "others": len(found) - 1})


@reauthentication_required
def _sign_out(request: MemberRequest) -> HttpResponse:
    """Whoever finds an open browser shuts the owner's others out by no button alone (ASVS 7.5.2)."""
    now, account = timezone.now(), request.user
    if "others" in request.POST:
        number = end_sessions(account=account, keep=request.session.session_key, now=now, by=account)
        said = ngettext("%(number)d device is signed out.", "%(number)d devices are signed out.", number)
        messages.success(request, said % {"number": number})
        return redirect("devices")
    chosen = request.POST.get("device", "")
    if not chosen.isdecimal() or len(chosen) > 18:
        raise Http404
    others = UserSession.objects.filter(user=account).exclude(session_key=request.session.session_key)
    end_session(session=get_object_or_404(others, pk=chosen), now=now, by=account)
    messages.success(request, _("The device is signed out."))
    return redirect("devices")
