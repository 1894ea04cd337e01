"""The privacy portal: consents with their history, and who accessed my data (D1).

Reachable before new Terms are accepted: withdrawing a consent is as easy as giving it, at any time.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, signed_in_required
from accounts.accesses import accesses_of, present
from accounts.actions.consents import change_consent
from accounts.consents import states_of, wordings_in_force
from accounts.models import Account, ConsentChange, ConsentWording
from accounts.rules.consents import Purpose
from portal.hourly_limit import take_turn
from portal.refusals import Refusal

PAGE_SIZE = 20
# Each is a row for ever.
MOST_AN_HOUR = 60


@require_safe
@signed_in_required
def privacy(request: MemberRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html", {"rows": _rows(request.user)})


@require_POST
@signed_in_required
def consent(request: MemberRequest, purpose: str) -> HttpResponse:
    """Gives or withdraws; what was read is named by its version, so that nobody agrees to other words."""
    wording = _wording_or_404(request.user, purpose, request.POST.get("version", ""))
    is_given = request.POST.get("choice") == "give"
    now = timezone.now()
    try:
        if not take_turn("consents", str(request.user.pk), most=MOST_AN_HOUR, now=now):
            raise Refusal("too_many", _("Too many tries within an hour. Please try again later."))
        changed = change_consent(
            account=request.user,
            wording=wording,
            is_given=is_given,
            channel="portal",
            language=_language(),
            now=now,
            by=request.user,
        )
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("privacy")
    if changed and is_given:
        messages.success(request, _("You agree to: %(purpose)s.") % {"purpose": wording.name})
    elif changed:
        messages.success(request, _("You have withdrawn your consent: %(purpose)s.") % {"purpose": wording.name})
    return redirect("privacy")


@require_safe
@signed_in_required
def consent_history(request: MemberRequest) -> HttpResponse:
    changes = ConsentChange.objects.filter(account=request.user).select_related("wording").order_by("-at", "-pk")
    page = Paginator(changes, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "accounts/consent_history.html", {"page": page})


@require_safe
@signed_in_required
def accesses(request: MemberRequest) -> HttpResponse:
    page = Paginator(accesses_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "accounts/accesses.html", {"page": page, "rows": [present(row) for row in page]})


def _rows(account: Account) -> list[dict[str, Any]]:
    """Each purpose that the market asks for, with its state; two queries."""
    states = states_of(account)
    wordings = wordings_in_force(account.market, now=timezone.now())
    return [{"wording": wording, "state": states[purpose]} for purpose, wording in wordings.items()]


def _wording_or_404(account: Account, purpose: str, version: str) -> ConsentWording:
    """Compared here: what was posted may hold what no database takes."""
    if purpose not in list(Purpose):
        raise Http404
    wordings = ConsentWording.objects.filter(market=account.market_id, purpose=purpose)
    found = next((row for row in wordings if row.version == version), None)
    if found is None:
        raise Http404
    return found


def _language() -> str:
    return (get_language() or "en").split("-")[0]
