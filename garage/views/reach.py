"""Who and what can reach a car: accounts, drivers, and what other rooms register (G12, L1)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import account_of, member_required
from garage.access import membership_or_404
from garage.actions import cut_off
from garage.control_access import drivers_of, link_beside_or_404, links_beside
from garage.rules.membership import Right
from portal.reach import sections_of
from portal.refusals import Refusal


@require_safe
@member_required
def reach(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    membership = membership_or_404(account, public_id)
    if not membership.may(Right.SHARING):
        return redirect("control", public_id)
    links = list(links_beside(membership))
    context = {
        "membership": membership,
        "links": links,
        # Who has only typed the VIN sees no more than anybody.
        "others": sum(link.is_verified or link.is_driver for link in links),
        "drivers": drivers_of(account, membership.vehicle).filter(driver__isnull=False),
        "sections": sections_of(account, membership.vehicle),
    }
    return render(request, "garage/reach.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def reach_end(request: HttpRequest, public_id: UUID, link_id: UUID) -> HttpResponse:
    """Cuts another account off; nobody learns whose it is."""
    account = account_of(request)
    membership = membership_or_404(account, public_id)
    if not membership.may(Right.SHARING):
        return redirect("control", public_id)
    link = link_beside_or_404(membership, link_id)
    if request.method == "POST":
        try:
            cut_off(membership=membership, other=link, now=timezone.now(), by=account)
            messages.success(request, _("The other account has no link with this car any more."))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect("reach", public_id)
    return render(request, "garage/reach_end.html", {"membership": membership, "link": link})
