"""For everybody, signed in or not: the connectivity match (G7), and services and prices by market (C8)."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.context import current_market
from portal.hourly_limit import seconds_left
from portal.models import Market
from portal.public_pages import public_page
from portal.refusals import Refusal
from subscriptions.actions.catalogue import keep_up
from subscriptions.centre.match import CarMatch, match_car
from subscriptions.centre.match_limit import Caller
from subscriptions.centre.prices import priced_packages
from subscriptions.forms.customers import MatchForm
from subscriptions.models import Package
from subscriptions.vat import rate_of


@require_safe
@public_page
def match(request: HttpRequest, market_code: str = "") -> HttpResponse:
    """G7: asks by GET alone, so that it needs neither cookie nor token, and a proxy can keep the answer."""
    market = _market(request, market_code)
    form = MatchForm(request.GET if "vin" in request.GET else None)
    found, refused = _matched(request, form, market) if form.is_valid() else (None, "")
    context = {
        "form": form,
        "found": found,
        "suites": _by_suite(found.packages) if found else [],
        "market": market,
        "market_tabs": _market_tabs("match", market),
        "prices_url": _address("prices", market_code),
    }
    response = render(request, "subscriptions/match.html", context)
    if form.errors:
        # A car that joins the registry is found at once.
        add_never_cache_headers(response)
    if refused == "too_many_matches":
        response.status_code = 429
        response.headers["Retry-After"] = str(seconds_left(timezone.now()))
    return response


@require_safe
@public_page
def prices(request: HttpRequest, market_code: str = "") -> HttpResponse:
    market, now = _market(request, market_code), timezone.now()
    keep_up(market, now=now)
    context = {
        "form": MatchForm(),
        "suites": _by_suite(priced_packages(market)),
        "market": market,
        "market_tabs": _market_tabs("prices", market),
        "match_url": _address("match", market_code),
        "vat_rate": rate_of(market, on=market.local_date(now)),
    }
    return render(request, "subscriptions/prices.html", context)


def _matched(request: HttpRequest, form: MatchForm, market: Market) -> tuple[CarMatch | None, str]:
    """What was found, or the code of the refusal that the form now says."""
    account_id = request.user.pk if request.user.is_authenticated else None
    caller = Caller(address=get_adapter(request).get_client_ip(request), account_id=account_id)
    try:
        return match_car(form.cleaned_data["vin"], market=market, caller=caller, now=timezone.now()), ""
    except Refusal as refusal:
        form.add_error("vin", str(refusal))
        return None, refusal.code


def _market(request: HttpRequest, code: str) -> Market:
    """The one in the address; where none is, the account's, for a visitor the default one."""
    if not code:
        return current_market(request)
    market = Market.objects.select_related("brand").filter(code=code.upper()).first()
    if market is None:
        raise Http404
    return market


def _market_tabs(name: str, current: Market) -> list[dict[str, Any]]:
    """The same page for each market; nothing where there is but one."""
    markets = list(Market.objects.order_by("code"))
    return [
        {"label": market.name, "url": _address(name, market.code.lower()), "is_current": market.pk == current.pk}
        for market in markets
        if len(markets) > 1
    ]


def _address(name: str, market_code: str) -> str:
    return reverse(f"{name}_in_market", args=[market_code]) if market_code else reverse(name)


def _by_suite(entries: list[Any]) -> list[dict[str, Any]]:
    """C1: the two suites, each with its packages; one that has none is left out."""
    suites = ((Package.APP, _("App services")), (Package.MULTIMEDIA, _("Multimedia services")))
    grouped = [
        {"label": label, "entries": [entry for entry in entries if entry.package.suite == suite]}
        for suite, label in suites
    ]
    return [suite for suite in grouped if suite["entries"]]
