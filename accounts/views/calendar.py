"""The calendar: the page on which its private address is made, and the feed that programs read there."""

import hashlib

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, member_required
from accounts.actions.calendar import end_address, make_address
from accounts.calendar import address_of, days_of, feed_of, rendered
from accounts.models import CalendarFeed
from portal.hourly_limit import take_turn

# Programs ask every few hours; several of a family's together stay far below.
MOST_OF_A_FEED = 60
# Of one client that asks for what there is not.
MOST_MISSES = 30
FRESH_SECONDS = 3600


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def calendar(request: MemberRequest) -> HttpResponse:
    """Shows the address; POST makes it, or a new one in its place."""
    now = timezone.now()
    if request.method == "POST":
        make_address(account=request.user, now=now, by=request.user)
        messages.success(request, _("The address is ready."))
        return redirect("calendar")
    feed = CalendarFeed.objects.filter(account=request.user).first()
    address = address_of(feed) if feed else ""
    context = {
        "feed": feed,
        "address": address,
        "subscribe_url": f"webcal://{address.partition('://')[2]}" if address else "",
        "days": days_of(request.user, now=now),
    }
    return render(request, "accounts/calendar.html", context)


@require_POST
@member_required
def calendar_end(request: MemberRequest) -> HttpResponse:
    end_address(account=request.user, now=timezone.now(), by=request.user)
    messages.success(request, _("The address does not work any more."))
    return redirect("calendar")


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """For programs: no cookie is asked for, the address is the key. An unknown one is a 404, too many a 429."""
    now = timezone.now()
    feed = feed_of(token)
    if feed is None:
        client = str(get_adapter(request).get_client_ip(request))
        if not take_turn("calendar-miss", client, most=MOST_MISSES, now=now):
            return HttpResponse(status=429)
        raise Http404
    if not take_turn("calendar", feed.token_hash, most=MOST_OF_A_FEED, now=now):
        return HttpResponse(status=429, headers={"Retry-After": "3600"})
    body = rendered(feed, now=now)
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response) or response
    patch_cache_control(answer, private=True, max_age=FRESH_SECONDS)
    return answer
