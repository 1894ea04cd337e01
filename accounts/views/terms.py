"""Terms of Use: reading and accepting them (A2); and the other texts of law that the footer leads to."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import MemberRequest, current_terms, safe_next, signed_in_required
from accounts.actions.terms import accept_terms
from accounts.models import Account, TermsAcceptance, TermsVersion
from accounts.moved_in import taken_over_on
from portal.legal_text import blocks
from portal.models import Market
from portal.public_pages import public_page
from portal.refusals import Refusal
from portal.texts import localized

# What the footer links to; the texts are the market's.
LEGAL_TITLES = {
    "terms": gettext_lazy("Terms of Use"),
    "privacy": gettext_lazy("Privacy notice"),
    "accessibility": gettext_lazy("Accessibility"),
    "company": gettext_lazy("Company information"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def terms_acceptance(request: MemberRequest) -> HttpResponse:
    """Reading and accepting the Terms in force (A2); reachable before they are accepted."""
    now = timezone.now()
    refused: Any = ""
    if request.method == "POST":
        version = _version_or_404(request.user.market, request.POST.get("version", ""))
        try:
            accept_terms(account=request.user, version=version, channel="portal", now=now, by=request.user)
            return redirect(safe_next(request, "home"))
        except Refusal as refusal:
            refused = refusal.sentence
    return render(request, "accounts/terms_acceptance.html", _terms_context(request, now) | {"refused": refused})


def _version_or_404(market: Market, read: str) -> TermsVersion:
    """Compared here: what was posted may hold what no database takes."""
    version = next((row for row in TermsVersion.objects.published().filter(market=market) if row.version == read), None)
    if version is None:
        raise Http404
    return version


def _terms_context(request: MemberRequest, now: datetime) -> dict[str, Any]:
    version = current_terms(request.user.market, now)
    if version is None:
        raise Http404
    is_first = not TermsAcceptance.objects.filter(account=request.user).exists()
    return {
        "version": version,
        "blocks": blocks(version.text),
        "acceptance": TermsAcceptance.objects.filter(account=request.user, version=version).first(),
        "is_first": is_first,
        # A2: whoever came from another system has accepted its Terms, not these.
        "taken_over_on": taken_over_on(request.user) if is_first else None,
        "next": request.POST.get("next") or request.GET.get("next") or "",
    }


@require_safe
@public_page
def legal_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Terms, privacy, accessibility and company information of the visitor's market."""
    market = _market(request)
    version = current_terms(market, timezone.now()) if slug == "terms" else None
    text = version.text if version else localized(market.legal_texts.get(slug, {}))
    if slug not in LEGAL_TITLES or not text:
        raise Http404
    context = {
        "title": LEGAL_TITLES[slug],
        "blocks": blocks(text),
        "version": version,
        "market": market,
        "show_company": slug == "company",
    }
    with timezone.override(market.zone):
        return render(request, "accounts/legal_page.html", context)


def _market(request: HttpRequest) -> Market:
    if isinstance(request.user, Account):
        return request.user.market
    return Market.objects.select_related("brand", "legal_entity").get(is_default=True)
