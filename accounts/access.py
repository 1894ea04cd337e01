"""Who may come in: a member is signed in and has accepted the Terms that are in force in their market (C3).

Every page of a customer's own things stands behind `member_required`. It leads to the sign-in page or to the Terms and
back again, and never out of the site. What must stay reachable without the Terms (A2: withdrawal, Terms, closing the
account, taking one's data along) stands behind `signed_in_required`.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Account, TermsAcceptance, TermsVersion
from accounts.pausing import has_ever_accepted
from accounts.rules.terms import TermsStanding, current_version, terms_standing
from portal.models import Market
from portal.refusals import Refusal

# As long as `CardSetup.next_path`; no page of ours has a longer address.
LONGEST_PATH = 200


class MemberRequest(HttpRequest):
    """A request behind `member_required` or `login_required`: the user is an account."""

    user: Account  # type: ignore[assignment]


# A response may be one that is sent piece by piece.
View = Callable[..., HttpResponseBase]

_MEMBERS = frozenset({TermsStanding.ACCEPTED, TermsStanding.COUNTING})


def member_required(view: View) -> View:
    """Lets members through; leads everybody else to what is missing, with the way back in `next`.

    An account of an older head unit is let through while its days count (A2); a banner says how many are left.
    """
    return _guarded(view, lets_in=_MEMBERS)


def accepted_terms_required(view: View) -> View:
    """Only for those who have accepted: where something is ordered (C3), days that count are not enough."""
    return _guarded(view, lets_in=frozenset({TermsStanding.ACCEPTED}))


def member_or_paused_required(view: View) -> View:
    """The same, and for those whose services pause: pages that show the pause, and change nothing (C1)."""
    return _guarded(view, lets_in=_MEMBERS | {TermsStanding.PAUSED})


def signed_in_required(view: View) -> View:
    """Lets everybody through who is signed in, whether or not they have accepted the Terms."""
    return _guarded(view, lets_in=frozenset(TermsStanding))


def _guarded(view: View, *, lets_in: Collection[TermsStanding]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method == "POST":
                said = _("You were signed out meanwhile, and what you sent was not saved.")
                messages.warning(request, said, fail_silently=True)
            return _detour(request, settings.LOGIN_URL)
        if len(lets_in) < len(TermsStanding) and _standing_at_entrance(request.user, timezone.now()) not in lets_in:
            return _detour(request, "terms_acceptance")
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
        except Refusal as refusal:
            response = _refused(request, refusal)
    # Personal pages stay in nobody's cache; going back asks again, so a finished order is not shown as open.
    patch_cache_control(response, private=True, no_store=True)
    return response


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponseBase:
    """What may be said to any act of a customer, and so by no view for itself."""
    if refusal.code == "barred":
        messages.error(request, str(refusal.sentence))
        return HttpResponseRedirect(resolve_url("account"))
    if refusal.code != "account_closed":
        raise refusal
    # Closed while this request waited for it: as if it came a moment later, when nobody is signed in.
    return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))


def is_member(account: Account, now: datetime) -> bool:
    """Whether `member_required` lets the account through."""
    return terms_standing_of(account, now) in _MEMBERS


def terms_standing_of(account: Account, now: datetime) -> TermsStanding:
    """How the account stands to the Terms (A2). One query; one more for one whose days were ever counted."""
    has_accepted_current = has_accepted_current_terms(account, now)
    is_counted = not has_accepted_current and account.terms_due_on is not None
    has_ever = has_accepted_current or (is_counted and has_ever_accepted(account))
    return _standing(account, has_accepted_current=has_accepted_current, has_ever_accepted=has_ever, now=now)


def _standing_at_entrance(account: Account, now: datetime) -> TermsStanding:
    """The same when a request begins, of what was read with its account: a query only in the request that signs in."""
    known = account.at_entrance
    if known is None:
        return terms_standing_of(account, now)
    has_accepted = known.has_accepted_current_terms(now)
    has_ever = known.has_ever_accepted
    return _standing(account, has_accepted_current=has_accepted, has_ever_accepted=has_ever, now=now)


def _standing(account: Account, *, has_accepted_current: bool, has_ever_accepted: bool, now: datetime) -> TermsStanding:
    return terms_standing(
        has_accepted_current=has_accepted_current,
        has_ever_accepted=has_ever_accepted,
        last_day=account.terms_due_on,
        today=account.market.local_date(now),
    )


def has_accepted_current_terms(account: Account, now: datetime) -> bool:
    """Whether the account accepted the version in force in its market; true where none is in force. One query."""
    accepted = TermsAcceptance.objects.filter(version=OuterRef("pk"), account=account)
    versions = TermsVersion.objects.published().filter(market_id=account.market_id).defer("texts")
    version = current_version(versions.annotate(is_accepted=Exists(accepted)), now=now)
    return version is None or version.is_accepted


def current_terms(market: Market, now: datetime) -> TermsVersion | None:
    """The version in force in the market, with its texts."""
    return current_version(TermsVersion.objects.published().filter(market=market), now=now)


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
    """Coming back means a GET: of a form that was sent, or of a fragment, it is the page that it stood on."""
    if not request.htmx:  # type: ignore[attr-defined]
        return request.get_full_path() if request.method == "GET" else _page_of_the_form(request)
    try:
        return request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]
    except ValueError:
        # A header that is no address at all.
        return ""


def _page_of_the_form(request: HttpRequest) -> str:
    """As the browser names it; nothing where it names none, or another site."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if came_from.netloc != request.get_host():
        return ""
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def account_of(request: HttpRequest) -> Account:
    """The signed-in account, behind `member_required`."""
    return cast(Account, request.user)
