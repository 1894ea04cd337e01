"""A car's owner manuals: the list, and each as a download that goes on where it stopped (G8, G11)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_required
from garage.access import membership_or_404, selected_membership
from garage.forms.manuals import ManualSearchForm
from garage.manuals import edition_or_404, list_of, manuals_of, sent, year_of
from garage.rules.membership import Right


@require_safe
@member_required
def manuals_of_selected(request: HttpRequest) -> HttpResponse:
    """Those of the selected car, or the garage where there is none (G5): answers of the hub lead here (H3)."""
    membership = selected_membership(account_of(request))
    return redirect("manuals", membership.public_id) if membership else redirect("garage")


@require_safe
@member_required
def manuals(request: HttpRequest, public_id: UUID) -> HttpResponse:
    membership = membership_or_404(account_of(request), public_id)
    if not membership.may(Right.MANUALS):
        return redirect("control", public_id)
    vehicle = membership.vehicle
    offered = manuals_of(vehicle)
    this_year = membership.account.market.local_date(timezone.now()).year
    form = ManualSearchForm(request.GET or None, manuals=offered, this_year=this_year)
    context = {
        "membership": membership,
        "form": form,
        "has_manuals": bool(offered),
        "shown": list_of(offered, vehicle, form.wanted),
        "year": year_of(vehicle),
        # What stands in the fold is shown once it narrows the list.
        "has_more": any(request.GET.get(name) for name in ("year", "generation", "of_model")),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "garage/manuals.html", context)


@require_safe
@member_required
def manual(request: HttpRequest, public_id: UUID, edition_id: UUID) -> HttpResponseBase:
    membership = membership_or_404(account_of(request), public_id)
    return sent(request, edition_or_404(membership, edition_id))
