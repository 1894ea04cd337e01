"""In a case of one's own: letting the customer centre see trips for a time, and taking that back (K1)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import account_of, signed_in_required
from portal.refusals import Refusal
from support.actions.sight import give_leave, withdraw_leave
from support.cases.pages import case_or_404, show
from support.cases.sight import cars_with_trips, running_leave, times_seen
from support.forms.sight import SightForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def sight(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """404 where there is nothing that could be shown."""
    account, now = account_of(request), timezone.now()
    row = case_or_404(account, public_id)
    cars = cars_with_trips(account)
    if not cars:
        raise Http404
    chosen = next((link for link in cars if row.membership and link.vehicle_id == row.membership.vehicle_id), None)
    form = SightForm(request.POST if request.method == "POST" else None, cars=cars, chosen=chosen)
    if form.is_valid():
        try:
            give_leave(case=row, now=now, by=account, **form.asked())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The customer centre may see your trips for this case."))
            return redirect("case_sight", public_id)
    leave = running_leave(row, now=now)
    context = {"shown": show(row), "form": form, "leave": leave, "seen": times_seen(leave) if leave else []}
    return render(request, "support/sight.html", context)


@require_POST
@signed_in_required
def sight_withdrawal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    withdraw_leave(case=case_or_404(account, public_id), now=timezone.now(), by=account)
    messages.success(request, _("The customer centre does not see your trips any more."))
    return redirect("case", public_id)
