"""Removing a car from the garage: each consequence with its date and refund, then just that (G6, X7, X10)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import account_of, member_required
from garage.access import membership_or_404
from garage.sales import sales_of
from portal.refusals import Refusal
from subscriptions.actions import leave
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.removing import removal_of
from subscriptions.words.presenting import present_consequences


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def removal(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    membership = membership_or_404(account, membership_id)
    if running := sales_of(account).filter(membership=membership).first():
        return redirect("sale_removal", running.public_id)
    quote = leave.removal_quote(membership, now=now)
    shown = removal_of(membership, quote, now=now)
    if request.method == "POST" and is_what_was_shown(request.POST.get("shown", ""), shown):
        try:
            leave.remove_vehicle(membership=membership, confirmed=quote, now=now, by=account)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect("garage" if refusal.code == "no_vehicle" else request.path)
        messages.success(request, _("%(car)s has left your garage.") % {"car": membership.label})
        return redirect("garage")
    ends = present_consequences(account, quote.ends)
    context = {
        "membership": membership,
        "quote": quote,
        "removal": shown,
        "ends": ends,
        # X7: offered first, to be cancelled and kept to the end of what is paid.
        "may_wait": [end for end in ends if end.shown.row.may_run_out],
        "currency": account.market.currency,
        "seal": seal(shown),
        "has_changed": request.method == "POST",
    }
    return render(request, "subscriptions/removal.html", context)
