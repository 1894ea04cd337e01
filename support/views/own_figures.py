"""What an answer means for my car: a fragment of the article, and a page where there is no script (H3)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_or_paused_required
from support.articles.facts import facts_of
from support.articles.hub import questions, url_of
from support.articles.own_figures import figures_for
from support.language import reader_language
from support.models import Article


@require_safe
@member_or_paused_required
def own_figures(request: HttpRequest, slug: str) -> HttpResponse:
    account = account_of(request)
    article = get_object_or_404(Article, slug=slug)
    figures = figures_for(slug, account, now=timezone.now())
    if figures is None:
        raise Http404
    titles = questions([article], reader_language(), facts_of(account.market))
    context = {"figures": figures, "title": titles[0].label if titles else "", "article_url": url_of(article)}
    template = "support/_own_figures.html" if request.htmx else "support/own_figures.html"  # type: ignore[attr-defined]
    return render(request, template, context)
