"""Handing control over: offered by the active account with its figures, taken by the other one (V4, X10)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import account_of, member_required
from accounts.models import Account
from garage.access import membership_or_404
from garage.control_access import drivers_of, link_of, offer_of_or_404, offer_to_or_404
from garage.models import Membership
from garage.rules.control import is_over
from garage.rules.membership import Right
from portal.refusals import Refusal
from subscriptions.actions import offer_control as actions
from subscriptions.actions.leave import removal_quote
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.forms.customers import ControlOfferForm
from subscriptions.handing_over import Schedule, schedule
from subscriptions.views.control import back_to_car
from subscriptions.words.presenting import present_consequences


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def control_offer(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    membership = membership_or_404(account, membership_id)
    if not membership.may(Right.CONTROL):
        return redirect("control", membership_id)
    shown = schedule(membership, now=now)
    form = ControlOfferForm(request.POST or None, initial=_initial(request, membership))
    has_changed = request.method == "POST" and not is_what_was_shown(request.POST.get("shown", ""), shown)
    status = 200
    if form.is_valid() and not has_changed:
        email = form.cleaned_data["email"]
        try:
            actions.offer_control(membership=membership, email=email, confirmed=shown, now=now, by=account)
        except Refusal as refusal:
            form.add_error("email" if refusal.code == "offer_oneself" else None, str(refusal))
            status = 429 if refusal.code == "too_many" else 200
        else:
            messages.success(request, _("The offer is on its way to %(email)s.") % {"email": email})
            return redirect("control", membership_id)
    context = _figures(account, shown) | {"membership": membership, "form": form, "has_changed": has_changed}
    return render(request, "subscriptions/control_offer.html", context, status=status)


@require_POST
@member_required
def control_offer_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Called off by the giver."""
    account = account_of(request)
    transfer = offer_of_or_404(account, public_id)
    try:
        actions.call_off_offer(transfer=transfer, now=timezone.now(), by=account)
        messages.success(request, _("The offer is called off. Nothing has changed."))
    except Refusal as refusal:
        messages.info(request, str(refusal))
    return back_to_car(account, transfer)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def control_offered(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The taker's page: what comes with control, then yes or no."""
    account, now = account_of(request), timezone.now()
    transfer = offer_to_or_404(account, public_id)
    answer = request.POST.get("answer", "")
    try:
        if answer == "accept":
            transfer = actions.accept_offer(transfer=transfer, now=now, by=account)
            messages.success(request, _said(transfer.is_open))
            return back_to_car(account, transfer)
        if answer == "decline":
            actions.decline_offer(transfer=transfer, now=now, by=account)
            messages.success(request, _("You have declined. The other account was told."))
            return back_to_car(account, transfer)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect(request.path)
    membership = link_of(account, transfer)
    context = {
        "transfer": transfer,
        "membership": membership,
        "is_open": transfer.is_open and not is_over(due_at=transfer.due_at, now=now),
        "may_take": membership is not None and membership.may_take_control(now),
    }
    return render(request, "subscriptions/control_offered.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def control_confirmation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The giver once more: what ends is no more what was confirmed (X10)."""
    account, now = account_of(request), timezone.now()
    transfer = offer_of_or_404(account, public_id)
    membership = link_of(account, transfer)
    if membership is None or not membership.is_active or not transfer.is_to_confirm:
        return render(request, "subscriptions/control_over.html", {"transfer": transfer, "membership": membership})
    quote = removal_quote(membership, now=now)
    if request.method == "POST" and is_what_was_shown(request.POST.get("shown", ""), quote):
        try:
            actions.confirm_again(transfer=transfer, confirmed=quote, now=now, by=account)
            messages.success(request, _("The other account has control now."))
        except Refusal as refusal:
            messages.info(request, str(refusal))
        return back_to_car(account, transfer)
    context = {
        "transfer": transfer,
        "membership": membership,
        "quote": quote,
        "ends": present_consequences(account, quote.ends),
        "currency": account.market.currency,
        "seal": seal(quote),
        "has_changed": request.method == "POST",
    }
    return render(request, "subscriptions/control_confirmation.html", context)


def _said(waits: bool) -> str:
    if waits:
        return _("You have accepted. The other account has to confirm once more, and was told.")
    return _("You have control of this car now.")


def _figures(account: Account, shown: Schedule) -> dict[str, Any]:
    ends = present_consequences(account, shown.today.ends)
    return {
        "quote": shown.today,
        "ends": ends,
        # X7: offered first, to be cancelled and kept to the end of what is paid.
        "may_wait": [end for end in ends if end.shown.row.may_run_out],
        "stretches": shown.changes if len(shown.changes) > 1 else [],
        "currency": account.market.currency,
        "seal": seal(shown),
        "days": account.market.control_offer_days,
    }


def _initial(request: HttpRequest, membership: Membership) -> dict[str, str]:
    """`to` names a driver of the list: no other address comes from an address of the site."""
    chosen = request.GET.get("to", "")
    if not chosen:
        return {}
    drivers = drivers_of(membership.account, membership.vehicle).filter(driver__isnull=False)
    found = next((driver for driver in drivers if driver.public_id.hex == chosen), None)
    return {"email": found.email} if found else {}
