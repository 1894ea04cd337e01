"""The hub's first page: search, categories, the customer centre, and where the commonest things are done (H1, H5)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import account_of
from portal.context import current_market
from portal.public_pages import public_page
from subscriptions.incidents import incidents_of
from support.channels import channels_of
from support.howtos import guides
from support.hub import shelves
from support.language import reader_language
from support.prefilled import Prefilled, about_dealer, about_package, about_refund, about_trip
from support.status import ongoing


@require_safe
@public_page
def support(request: HttpRequest) -> HttpResponse:
    """Public: whoever cannot sign in needs it most."""
    market, now = current_market(request), timezone.now()
    channels = channels_of(market, now=now)
    prefilled = _prefilled(request)
    url = prefilled.mailto(channels.email) if prefilled and channels.email else ""
    context = {
        "channels": channels,
        "prefilled": prefilled,
        "prefilled_url": url,
        "shelves": shelves(),
        "guides": guides(language=reader_language(), market=market),
        "ongoing": ongoing(incidents_of(market, now=now), now=now),
    }
    return render(request, "support/support.html", context)


def _prefilled(request: HttpRequest) -> Prefilled | None:
    if not request.user.is_authenticated:
        return None
    account, asked, now = account_of(request), request.GET, timezone.now()
    if "refund" in asked:
        return about_refund(account, asked["refund"])
    if "trip" in asked:
        return about_trip(account, asked["trip"], asked.get("on", ""), now=now)
    if "why" in asked:
        return about_package(account, asked["why"], asked.get("package", ""), now=now)
    return about_dealer(account, asked["dealer"]) if "dealer" in asked else None
