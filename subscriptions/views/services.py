"""The Connected Services Centre for one car."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import account_of, member_or_paused_required, member_required
from garage.access import membership_or_404, selected_membership
from portal.refusals import Refusal
from subscriptions.actions.catalogue import keep_up
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.centre.limits import with_limits
from subscriptions.centre.packages import offer_for, offers_for
from subscriptions.centre.suites import suites_of


@require_safe
@member_or_paused_required
def services_of_selected(request: HttpRequest) -> HttpResponse:
    """The section's address: the services of the selected car, or the garage where there is none (G5)."""
    membership = selected_membership(account_of(request))
    return redirect("services", membership.public_id) if membership else redirect("garage")


@require_safe
@member_or_paused_required
def services(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    membership = membership_or_404(account_of(request), membership_id)
    now = timezone.now()
    keep_up(membership.account.market, now=now)
    offers = offers_for(membership, today=membership.account.market.local_date(now))
    rows = with_limits(offers, membership, now=now)
    context = {
        "membership": membership,
        "suites": suites_of(rows, membership),
        "currency": membership.account.market.currency,
    }
    return render(request, "subscriptions/services.html", context)


@require_POST
@member_required
def activation(request: HttpRequest, membership_id: UUID, package_code: str) -> HttpResponse:
    """Takes up a complimentary period (C4)."""
    account = account_of(request)
    membership = membership_or_404(account, membership_id)
    now = timezone.now()
    offer = offer_for(membership, package_code, today=account.market.local_date(now))
    if offer is None:
        raise Http404
    try:
        activate_complimentary(account=account, vehicle=membership.vehicle, package=offer.package, now=now, by=account)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        waits_for_car = offer.package.is_set_up_in_car
        said = _("%(package)s is being activated") if waits_for_car else _("%(package)s is active now.")
        messages.success(request, said % {"package": offer.package.name})
    return redirect("services", membership.public_id)
