""" "Was this helpful?": a page of its own, so that articles need no form and no cookie (H4)."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal.context import current_market
from portal.refusals import Refusal
from support.actions.counting import vote
from support.articles.facts import facts_of
from support.articles.hub import questions, url_of
from support.forms.feedback import FeedbackForm
from support.language import reader_language
from support.models import Article


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    article = get_object_or_404(Article, slug=slug)
    posted = request.POST if request.method == "POST" else None
    form = FeedbackForm(posted, initial={"helpful": request.GET.get("helpful", "")})
    if form.is_valid() and _keep(request, article, form):
        return redirect(f"{reverse('support_feedback', args=[slug])}?sent=yes")
    titles = questions([article], reader_language(), facts_of(current_market(request)))
    context = {
        "form": form,
        "title": titles[0] if titles else None,
        "article_url": url_of(article),
        "slug": slug,
        "is_sent": "sent" in request.GET,
    }
    return render(request, "support/feedback.html", context)


def _keep(request: HttpRequest, article: Article, form: FeedbackForm) -> bool:
    written = form.cleaned_data
    try:
        vote(
            article=article,
            language=reader_language(),
            is_helpful=written["helpful"] == "yes",
            reason=written["reason"],
            remark=written["remark"],
            address=str(get_adapter(request).get_client_ip(request)),
            market=current_market(request),
            now=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
