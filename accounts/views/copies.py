"""Copies of documents: the account's list of addresses, and the two pages that their readers come to by mail (I5).

Those two need no account. A link alone changes nothing, since mail scanners open links: a button does.
"""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, member_required
from accounts.actions.copies import ask_for_copies, confirm_copies, remove_copy_address
from accounts.copy_links import address_to_confirm, address_to_leave
from accounts.forms.copies import CopyAddressForm
from accounts.models import Account, CopyAddress
from accounts.rules.copies import SLOTS, may_still_confirm
from portal.hourly_limit import take_turn
from portal.refusals import Refusal

MOST_BY_AN_ACCOUNT = 10
MOST_TO_AN_ADDRESS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def copy_addresses(request: MemberRequest) -> HttpResponse:
    form, status = CopyAddressForm(request.POST or None), 200
    if form.is_valid():
        email, now = form.cleaned_data["email"], timezone.now()
        try:
            _take_turn(request.user, email, now=now)
            ask_for_copies(account=request.user, email=email, now=now, by=request.user)
            messages.success(
                request, _("A link is on its way to %(email)s. It is good for seven days.") % {"email": email}
            )
            return redirect("copy_addresses")
        except Refusal as refusal:
            form.add_error(None if refusal.code == "too_many" else "email", str(refusal))
            status = 429 if refusal.code == "too_many" else 200
    return render(request, "accounts/copy_addresses.html", {"form": form} | _list_of(request.user), status=status)


@require_POST
@member_required
def copy_address_removal(request: MemberRequest, public_id: UUID) -> HttpResponse:
    address = get_object_or_404(CopyAddress, account=request.user, public_id=public_id)
    remove_copy_address(address=address, now=timezone.now(), by=request.user)
    messages.success(request, _("No more copies go to %(email)s.") % {"email": address.email})
    return redirect("copy_addresses")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def copy_confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of the mail leads: who asks, and the button that agrees."""
    now = timezone.now()
    address = address_to_confirm(token, now=now)
    if address and request.method == "POST":
        try:
            return render(
                request, "accounts/copy_confirmed.html", {"address": confirm_copies(address=address, now=now)}
            )
        except Refusal:
            address = None
    status = 200 if address else 400
    return render(request, "accounts/copy_confirmation.html", {"address": address}, status=status)


@csrf_exempt  # One click in a mail program carries no token of ours; the signed address in the link stands in for it.
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def copy_leaving(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the copies by a button, or by a mail program's own (RFC 8058)."""
    address = address_to_leave(token)
    if address and request.method == "POST":
        remove_copy_address(address=address, now=timezone.now(), by=None)
        return render(request, "accounts/copy_left.html", {"address": address})
    status = 200 if address else 400
    return render(request, "accounts/copy_leaving.html", {"address": address}, status=status)


def _list_of(account: Account) -> dict[str, object]:
    now = timezone.now()
    addresses = list(CopyAddress.objects.filter(account=account).order_by("slot"))
    rows = [
        {"address": each, "is_over": not each.is_confirmed and not may_still_confirm(asked_at=each.asked_at, now=now)}
        for each in addresses
    ]
    return {"rows": rows, "has_room": len(addresses) < len(SLOTS) or any(row["is_over"] for row in rows)}


def _take_turn(account: Account, email: str, *, now: datetime) -> None:
    """Both counts are moved, whatever the other says. Raises `Refusal` too_many."""
    by_account = take_turn("copies-by", str(account.pk), most=MOST_BY_AN_ACCOUNT, now=now)
    to_address = take_turn("copies-to", email.lower(), most=MOST_TO_AN_ADDRESS, now=now)
    if not (by_account and to_address):
        raise Refusal("too_many", _("Too many tries within an hour. Please try again later."))
