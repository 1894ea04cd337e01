"""The hub's categories, articles and search: for everybody, by GET alone, without a cookie (H1, H2, H3)."""

from collections.abc import Mapping

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.card_numbers import contains_card_number
from portal.context import current_market
from portal.free_text import CARD_NUMBER_REFUSED
from portal.models import Market
from portal.public_pages import public_answer, public_page
from support.actions.counting import count_failed_search
from support.articles.facts import facts_of
from support.articles.howtos import howtos_about, howtos_of, is_named_so
from support.articles.hub import answer_of, questions_of, shelves, url_of
from support.articles.own_figures import DEPENDING
from support.categories import CATEGORIES
from support.channels import channels_of, keep_while_right
from support.finding.search import LONGEST_QUERY, Result, search
from support.language import reader_language


@require_safe
@public_page
def category(request: HttpRequest, category: str) -> HttpResponse:
    market = current_market(request)
    questions = questions_of(category, language=reader_language(), market=market) if category in CATEGORIES else []
    if not questions:
        raise Http404
    context = {
        "name": CATEGORIES[category],
        "questions": questions,
        "howtos": howtos_of(category, language=reader_language(), market=market),
        "shelves": shelves(),
        "category": category,
    }
    return render(request, "support/category.html", context)


@require_safe
@public_page
def article(request: HttpRequest, category: str, slug: str) -> HttpResponse:
    market, now = current_market(request), timezone.now()
    answer = answer_of(category, slug, language=reader_language(), market=market)
    if answer is None:
        raise Http404
    own = answer.article
    if own.category != category:
        return redirect(url_of(own))
    context = {
        "answer": answer,
        "name": CATEGORIES[category],
        "category": category,
        "has_figures": slug in DEPENDING,
        "channels": channels_of(market, now=now),
    }
    return keep_while_right(render(request, "support/article.html", context), market, now=now)


@require_safe
@public_answer
def find(request: HttpRequest) -> HttpResponse:
    """As one types, htmx asks for the results alone."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    is_refused = contains_card_number(typed)
    query = "" if is_refused else typed
    market, language = current_market(request), reader_language()
    facts = facts_of(market) if query else {}
    results = _found(query, market, facts) if query else []
    howtos = howtos_about(query, language=language, facts=facts) if query else []
    is_in_vain = bool(query) and not any(each.shown.language == language for each in results)
    context = {
        "query": query,
        "refused": CARD_NUMBER_REFUSED if is_refused else "",
        "results": [(each.shown, each.passage, CATEGORIES[each.shown.category]) for each in results],
        "howtos": howtos,
        "howtos_lead": is_named_so(query, howtos),
        "longest": LONGEST_QUERY,
        # Typed to its end: what was typed half way says nothing to the editors.
        "is_settled": "settled" in request.GET,
        "is_in_vain": is_in_vain,
    }
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "support/_results.html", context)
    else:
        response = render(request, "support/search.html", context | {"shelves": shelves()})
    # The same address has two shapes.
    response.headers["Vary"] = "HX-Request"
    if is_in_vain and context["is_settled"]:
        address = str(get_adapter(request).get_client_ip(request))
        count_failed_search(typed=query, language=language, address=address, market=market, now=timezone.now())
        # Each time counts, so that no copy may answer the next one.
        response.headers["Cache-Control"] = "no-store"
    return response


def _found(query: str, market: Market, facts: Mapping[str, str]) -> list[Result]:
    """In the reader's language; where nothing is found there, in another one."""
    others = [code for code, _name in settings.LANGUAGES if code != reader_language()]
    tries = (search(query, language=language, market=market, facts=facts) for language in (reader_language(), *others))
    return next((results for results in tries if results), [])
