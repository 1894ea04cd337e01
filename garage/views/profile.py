"""The account's own multimedia profile on a car's head unit (C6, L1)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import account_of, member_required, safe_next
from garage import actions
from garage.access import current_memberships, membership_or_404
from garage.models.profile import Source
from garage.profiles import profile_of, profile_or_404, source_sentence
from garage.rules.membership import Right
from garage.views.trail import trail
from portal.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def profile(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whether it is linked and how that is known; POST declares that it is."""
    account = account_of(request)
    membership = membership_or_404(account, public_id)
    if not membership.may(Right.OWN_PROFILE):
        return redirect("control", public_id)
    if request.method == "POST":
        try:
            actions.link_profile(membership=membership, source=Source.DECLARED, now=timezone.now(), by=account)
        except Refusal as refusal:
            raise Http404 from refusal
        messages.success(request, _("It is noted that your profile is linked."))
        return redirect("profile_in_car", public_id)
    linked = profile_of(membership)
    context = {
        "membership": membership,
        "profile": linked,
        "source": source_sentence(linked) if linked else "",
        "crumbs": trail(membership, here=_("Multimedia profile")),
    }
    return render(request, "garage/profile.html", context)


@require_POST
@member_required
def profile_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Declares a profile removed: one's own, or another's on a car that one controls."""
    account = account_of(request)
    profile = profile_or_404(account, public_id)
    actions.end_profile(profile=profile, source=Source.DECLARED, now=timezone.now(), by=account)
    messages.success(request, _("It is noted that the profile is removed."))
    membership = current_memberships(account).filter(vehicle=profile.vehicle_id).first()
    if membership is None:
        # Of a car that is sold: back to the sale.
        return redirect(safe_next(request, "garage"))
    return redirect("reach" if membership.may(Right.SHARING) else "profile_in_car", membership.public_id)
