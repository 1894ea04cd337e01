"""The hub's first page, and the market's channels to its customer centre (H1, H5)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.context import asked_market, current_market, other_markets
from portal.public_pages import public_page
from subscriptions.centre.incidents import incidents_of
from support.articles.facts import facts_of
from support.articles.howtos import guides
from support.articles.hub import shelves
from support.channels import channels_of, keep_while_right
from support.language import reader_language
from support.status import ongoing


@require_safe
@public_page
def support(request: HttpRequest) -> HttpResponse:
    """Public: whoever cannot sign in needs it most."""
    market, now = current_market(request), timezone.now()
    context = {
        "channels": channels_of(market, now=now),
        "shelves": shelves(),
        "guides": guides(language=reader_language(), facts=facts_of(market)),
        "ongoing": ongoing(incidents_of(market, now=now), now=now),
    }
    return keep_while_right(render(request, "support/support.html", context), market, now=now)


@require_safe
@public_page
def contact(request: HttpRequest) -> HttpResponse:
    """H5: telephone, hours with holidays, e-mail, address, languages, and whether somebody answers just now."""
    market, now = asked_market(request), timezone.now()
    context = {"channels": channels_of(market, now=now), "market": market, "others": other_markets(market)}
    return keep_while_right(render(request, "support/contact.html", context), market, now=now)
