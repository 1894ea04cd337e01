"""Invited to work at a dealer's desk: by the account whose confirmed address was invited (K1)."""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import account_of, member_required
from accounts.models import Account
from garage.actions.dealer_staff import accept_staff_invitation
from garage.models import StaffInvitation
from garage.rules.staff import may_still_accept
from portal.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def staff_invitation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Accepting leads on to the second step, without which the desk stays shut."""
    account, now, refused = account_of(request), timezone.now(), ""
    invitation = _own_or_404(account, public_id)
    is_open = may_still_accept(invited_at=invitation.invited_at, now=now)
    if request.method == "POST":
        try:
            accept_staff_invitation(invitation=invitation, now=now, by=account)
            messages.success(request, _("You work at the desk of %(dealer)s now.") % {"dealer": invitation.workshop})
            return redirect("admin:login")
        except Refusal as refusal:
            refused = str(refusal)
            is_open = is_open and refusal.code != "invitation_over"
    context = {"invitation": invitation, "is_open": is_open, "refused": refused}
    return render(request, "garage/staff_invitation.html", context)


def _own_or_404(account: Account, public_id: UUID) -> StaffInvitation:
    """To an address that the account has confirmed: nobody else learns that there is one."""
    addresses = EmailAddress.objects.filter(user=account, verified=True).values_list("email", flat=True)
    mine = StaffInvitation.objects.waiting().filter(email__in=[address.lower() for address in addresses])
    return get_object_or_404(mine.select_related("workshop__dealer"), public_id=public_id)
