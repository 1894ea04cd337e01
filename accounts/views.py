"""Pages of the account: overview, profile, billing address, Terms, and the activation link asked for again."""

from datetime import datetime
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import MemberRequest, current_terms, member_required, safe_next
from accounts.actions.activation import ask_for_activation_mail
from accounts.actions.billing import save_billing_profile
from accounts.actions.profile import change_profile
from accounts.actions.terms import accept_terms
from accounts.forms import ActivationRequestForm, BillingProfileForm, ProfileForm
from accounts.models import Account, BillingProfile, TermsAcceptance, TermsVersion
from portal.countries import country_name
from portal.legal_text import blocks
from portal.models import Market
from portal.refusals import Refusal
from portal.texts import localized

# What the footer links to; the texts are the market's.
LEGAL_TITLES = {
    "terms": gettext_lazy("Terms of Use"),
    "privacy": gettext_lazy("Privacy notice"),
    "accessibility": gettext_lazy("Accessibility"),
    "company": gettext_lazy("Company information"),
}


@require_safe
@member_required
def account(request: MemberRequest) -> HttpResponse:
    billing = BillingProfile.objects.filter(account=request.user).first()
    context = {
        "account": request.user,
        "language_name": dict(settings.LANGUAGES).get(request.user.language),
        "billing": billing,
        "billing_country": country_name(billing.country) if billing else "",
        "acceptance": TermsAcceptance.objects.filter(account=request.user).order_by("-accepted_at").first(),
    }
    return render(request, "accounts/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def profile(request: MemberRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, account=request.user)
    if not form.is_valid():
        return render(request, "accounts/profile.html", {"form": form})
    changed = change_profile(account=request.user, now=timezone.now(), by=request.user, **form.cleaned_data)
    messages.success(request, _("Your profile is saved."))
    with translation.override(changed.language):
        response = redirect("account")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, changed.language, samesite="Lax", secure=request.is_secure())
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def billing_profile(request: MemberRequest) -> HttpResponse:
    form = BillingProfileForm(request.POST or None, account=request.user)
    if not form.is_valid():
        return render(request, "accounts/billing_profile.html", {"form": form, "next": safe_next(request, "account")})
    save_billing_profile(account=request.user, now=timezone.now(), by=request.user, **form.cleaned_data)
    messages.success(request, _("Your billing address is saved. It is used from the next invoice on."))
    return redirect(safe_next(request, "account"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
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
    with timezone.override(request.user.market.zone):
        return render(request, "accounts/terms_acceptance.html", _terms_context(request, now) | {"refused": refused})


def _version_or_404(market: Market, read: str) -> TermsVersion:
    """Compared here: what was posted may hold what no database takes."""
    version = next((row for row in TermsVersion.objects.filter(market=market) if row.version == read), None)
    if version is None:
        raise Http404
    return version


@require_safe
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


@require_http_methods(["GET", "HEAD", "POST"])
def activation_request(request: HttpRequest) -> HttpResponse:
    """A new activation link; the answer is the same whether the address is known or not (A1)."""
    form = ActivationRequestForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/activation_request.html", {"form": form})
    too_many = ratelimit.consume_or_429(request, action="signup")
    if too_many:
        return too_many
    ask_for_activation_mail(email=form.cleaned_data["email"], now=timezone.now())
    return redirect("account_email_verification_sent")


def _market(request: HttpRequest) -> Market:
    if isinstance(request.user, Account):
        return request.user.market
    return Market.objects.select_related("brand", "legal_entity").get(is_default=True)


def _terms_context(request: MemberRequest, now: datetime) -> dict[str, Any]:
    version = current_terms(request.user.market, now)
    if version is None:
        raise Http404
    return {
        "version": version,
        "blocks": blocks(version.text),
        "acceptance": TermsAcceptance.objects.filter(account=request.user, version=version).first(),
        "is_first": not TermsAcceptance.objects.filter(account=request.user).exists(),
        "next": request.POST.get("next") or request.GET.get("next") or "",
    }
