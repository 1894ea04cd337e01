"""Pages of the account: overview, profile, billing address."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import MemberRequest, member_required, safe_next
from accounts.actions.billing import save_billing_profile
from accounts.actions.profile import change_profile
from accounts.forms.billing import BillingProfileForm
from accounts.forms.profile import ProfileForm
from accounts.models import Account, BillingProfile, TermsAcceptance
from accounts.moved_in import taken_over_on
from accounts.undelivered import refused_address
from portal.countries import country_name
from portal.refusals import Refusal


@require_safe
@member_required
def account(request: MemberRequest) -> HttpResponse:
    billing = BillingProfile.objects.filter(account=request.user).first()
    context = {
        "account": request.user,
        "language_name": dict(settings.LANGUAGES).get(request.user.language),
        "billing": billing,
        "billing_country": country_name(billing.country) if billing else "",
        "dealer": request.user.preferred_dealer,
        "acceptance": TermsAcceptance.objects.filter(account=request.user).order_by("-accepted_at").first(),
        "refused_address": refused_address(request.user),
        "taken_over_on": taken_over_on(request.user),
    }
    return render(request, "accounts/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def profile(request: MemberRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, account=request.user)
    changed = _changed_profile(request, form) if form.is_valid() else None
    if changed is None:
        return render(request, "accounts/profile.html", {"form": form, "dealer": request.user.preferred_dealer})
    messages.success(request, _("Your profile is saved."))
    with translation.override(changed.language):
        response = redirect("account")
    keep_language(response, changed.language)
    return response


def keep_language(response: HttpResponse, language: str) -> None:
    """For addresses without a language in them; as a cookie of the settings, for this host alone."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
    )


def _changed_profile(request: MemberRequest, form: ProfileForm) -> Account | None:
    """The changed account; None where the country has to stay, which the form then says beside it."""
    try:
        return change_profile(account=request.user, now=timezone.now(), by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        if refusal.code != "market_running":
            raise
        form.add_error("country", str(refusal))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def billing_profile(request: MemberRequest) -> HttpResponse:
    form = BillingProfileForm(request.POST or None, account=request.user)
    if not form.is_valid():
        return render(request, "accounts/billing_profile.html", {"form": form, "next": safe_next(request, "account")})
    save_billing_profile(account=request.user, now=timezone.now(), by=request.user, **form.cleaned_data)
    messages.success(request, _("Your billing address is saved. It is used from the next invoice on."))
    return redirect(safe_next(request, "account"))
