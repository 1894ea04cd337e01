"""A code for the dealer, by which it may work on this car for ten minutes (K1); and taking that back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import account_of, member_required
from garage.access import membership_or_404
from garage.actions.dealer_code import end_dealer_access, issue_dealer_code
from garage.models import DealerAccess
from garage.views.trail import trail
from portal.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def dealer_code(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """POST makes one, which is shown this once."""
    account, now = account_of(request), timezone.now()
    membership = membership_or_404(account, public_id)
    issued, refused, status = None, "", 200
    if request.method == "POST":
        try:
            issued = issue_dealer_code(membership=membership, now=now, by=account)
        except Refusal as refusal:
            refused, status = str(refusal), 429
    working = DealerAccess.objects.holding(now).filter(membership=membership).select_related("workshop__dealer")
    context = {
        "membership": membership,
        "issued": issued,
        "refused": refused,
        "working": working.order_by("begun_at"),
        "crumbs": trail(membership, here=_("Code for your dealer")),
    }
    return render(request, "garage/dealer_code.html", context, status=status)


@require_POST
@member_required
def dealer_access_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    rows = DealerAccess.objects.filter(membership__account=account).select_related("membership__account")
    access = get_object_or_404(rows, public_id=public_id)
    end_dealer_access(access=access, now=timezone.now(), by=account)
    messages.success(request, _("Your dealer has no access to the car any more."))
    if access.membership.ended_at:
        return redirect("garage")
    return redirect("dealer_code", access.membership.public_id)
