"""Who may come in: a member is signed in and has accepted the Terms that are in force in their market (C3).

Every page of a customer's own things stands behind `member_required`. It leads to the sign-in page or to the Terms and
back again, and never out of the site.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Account, TermsAcceptance, TermsVersion
from accounts.rules.terms import current_version
from portal.models import Market

# As long as `CardSetup.next_path`; no page of ours has a longer address.
LONGEST_PATH = 200


class MemberRequest(HttpRequest):
    """A request behind `member_required` or `login_required`: the user is an account."""

    user: Account  # type: ignore[assignment]


# A response may be one that is sent piece by piece.
View = Callable[..., HttpResponseBase]


def member_required(view: View) -> View:
    """Lets members through; leads everybody else to what is missing, with the way back in `next`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _detour(request, settings.LOGIN_URL)
        if not has_accepted_current_terms(request.user, timezone.now()):
            return _detour(request, "terms_acceptance")
        return _personal(view, request, *args, **kwargs)

    return guarded


def account_required(view: View) -> View:
    """For what is everybody's right, Terms accepted or not: consents, one's data, closing the account (D1, A6)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _detour(request, settings.LOGIN_URL)
        return _personal(view, request, *args, **kwargs)

    return guarded


def _personal(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    # Moments are shown by the market's own clock; every date of a contract is (`Market.local_date`).
    with timezone.override(account_of(request).market.zone):
        try:
            response = view(request, *args, **kwargs)
        except ReauthenticationRequired:
            # A form's address is a page, too: whoever sent it looks at it again after signing in.
            back = urlencode({"next": request.get_full_path()}, safe="/")
            response = HttpResponseRedirect(f"{resolve_url('account_reauthenticate')}?{back}")
    # Personal pages stay in nobody's cache; going back asks again, so a finished order is not shown as open.
    patch_cache_control(response, private=True, no_store=True)
    return response


def has_accepted_current_terms(account: Account, now: datetime) -> bool:
    """Whether the account accepted the version in force in its market; true where none is in force. One query."""
    accepted = TermsAcceptance.objects.filter(version=OuterRef("pk"), account=account)
    versions = TermsVersion.objects.filter(market_id=account.market_id).defer("texts")
    version = current_version(versions.annotate(is_accepted=Exists(accepted)), now=now)
    return version is None or version.is_accepted


def current_terms(market: Market, now: datetime) -> TermsVersion | None:
    """The version in force in the market, with its texts."""
    return current_version(TermsVersion.objects.filter(market=market), now=now)


def safe_next(request: HttpRequest, default: str) -> str:
    """Where `next` leads, if that is a path of this site; otherwise the page named by `default`."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if is_own_path(target) else resolve_url(default)


def is_own_path(target: str) -> bool:
    """Whether a redirect to it stays on this site: a path, not an address, and one that a row can keep."""
    is_plain = target.startswith("/") and target.isprintable() and len(target) <= LONGEST_PATH
    return is_plain and url_has_allowed_host_and_scheme(target, allowed_hosts=None)


def _detour(request: HttpRequest, to: str) -> HttpResponse:
    back = _page_to_come_back_to(request)
    url = resolve_url(to) + (f"?{urlencode({'next': back}, safe='/')}" if is_own_path(back) else "")
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)  # type: ignore[attr-defined]


def _page_to_come_back_to(request: HttpRequest) -> str:
    """Coming back means a GET: the address of a form's POST, or of a fragment, is no page to come back to."""
    if not request.htmx:  # type: ignore[attr-defined]
        return request.get_full_path() if request.method == "GET" else ""
    try:
        return request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]
    except ValueError:
        # A header that is no address at all.
        return ""


def account_of(request: HttpRequest) -> Account:
    """The signed-in account, behind `member_required`."""
    return cast(Account, request.user)
