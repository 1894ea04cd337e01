"""Why a package of a car is not working: every check in its order, the one that fails named, and what mends it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_or_paused_required
from garage.access import membership_or_404
from garage.models import Membership
from garage.rules.membership import Right
from garage.views.trail import trail
from subscriptions.centre.diagnosing import case_of, cases_of
from subscriptions.words.not_working import show, shown_checks, verdict
from subscriptions.words.not_working_links import contact_url


@require_safe
@member_or_paused_required
def why(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """The car's packages, each with what stands in its way. Open while services pause: that is one of the answers."""
    membership = membership_or_404(account_of(request), membership_id)
    if not membership.may(Right.SERVICE_STATE):
        return redirect("control", membership_id)
    cases = cases_of(membership, now=timezone.now())
    context = {
        "membership": membership,
        "rows": [{"package": case.package, "verdict": verdict(case)} for case in cases],
        "crumbs": trail(membership, here=_("Why is it not working?")),
    }
    return render(request, "subscriptions/why.html", context)


@require_safe
@member_or_paused_required
def why_package(request: HttpRequest, membership_id: UUID, package_code: str) -> HttpResponse:
    membership = membership_or_404(account_of(request), membership_id)
    if not membership.may(Right.SERVICE_STATE):
        return redirect("control", membership_id)
    case = case_of(membership, package_code, now=timezone.now())
    if case is None:
        raise Http404
    context = {
        "membership": membership,
        "case": case,
        "failing": show(case.failing, case) if case.failing else None,
        "possible": [show(finding, case) for finding in case.diagnosis.possible],
        "checks": shown_checks(case),
        "contact_url": contact_url(case),
        "crumbs": [*trail(membership, here="")[:-1], _list_crumb(membership), {"label": case.package.name}],
    }
    return render(request, "subscriptions/why_package.html", context)


def _list_crumb(membership: Membership) -> dict[str, str]:
    return {"label": _("Why is it not working?"), "url": reverse("why", args=[membership.public_id])}
