"""Incidents and maintenance of the services, for everybody (C1)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.context import asked_market, other_markets
from portal.public_pages import public_page
from support.status import status_of


@require_safe
@public_page
def status(request: HttpRequest) -> HttpResponse:
    """Moments are those of the market's clock, whoever reads."""
    market = asked_market(request)
    with timezone.override(market.zone):
        context = {"status": status_of(market, now=timezone.now()), "market": market, "others": other_markets(market)}
        return render(request, "support/status.html", context)
