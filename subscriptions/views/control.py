"""Who controls a car: where I stand, how to get control, and answering the account that asks for it (G11, V4)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import account_of, member_required
from accounts.models import Account
from garage.access import membership_or_404
from garage.control_access import link_of, request_of_or_404, request_to_or_404, transfers_about
from garage.markets import market_of_car
from garage.models import ControlTransfer
from garage.portrait import portrait
from portal.refusals import Refusal
from subscriptions.actions import control as actions
from subscriptions.actions.leave import removal_quote
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.words.presenting import present_consequences


@require_safe
@member_required
def control(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    account = account_of(request)
    membership = membership_or_404(account, membership_id)
    context = {"membership": membership, "car": portrait(membership), **transfers_about(membership)}
    return render(request, "subscriptions/control.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def control_request(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    account = account_of(request)
    membership = membership_or_404(account, membership_id)
    if not membership.may_claim:
        return redirect("control", membership_id)
    if request.method == "POST":
        try:
            transfer = actions.request_control(membership=membership, now=timezone.now(), by=account)
        except Refusal as refusal:
            messages.info(request, str(refusal))
        else:
            done = _("The other account was told. You see here what becomes of it.")
            messages.success(request, done if transfer.is_open else _("You have control of this car now."))
        return redirect("control", membership_id)
    days = market_of_car(membership).control_request_days
    return render(request, "subscriptions/control_request.html", {"membership": membership, "days": days})


@require_POST
@member_required
def control_request_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Withdrawn by the account that asked."""
    account = account_of(request)
    transfer = request_of_or_404(account, public_id)
    try:
        actions.withdraw_request(transfer=transfer, now=timezone.now(), by=account)
        messages.success(request, _("Your request is withdrawn. The other account was told."))
    except Refusal as refusal:
        messages.info(request, str(refusal))
    return back_to_car(account, transfer)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def control_answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What would end and come back, then yes or no, as shown (X10)."""
    account, now = account_of(request), timezone.now()
    transfer = request_to_or_404(account, public_id)
    membership = link_of(account, transfer)
    if membership is None or not membership.is_active or not transfer.is_open:
        return render(request, "subscriptions/control_over.html", {"transfer": transfer, "membership": membership})
    quote = removal_quote(membership, now=now)
    answer = request.POST.get("answer", "")
    is_as_shown = is_what_was_shown(request.POST.get("shown", ""), quote)
    try:
        if answer == "object":
            actions.object_to(transfer=transfer, now=now, by=account)
            messages.success(request, _("You keep control until the customer centre or your dealer has decided."))
            return back_to_car(account, transfer)
        if answer == "consent" and is_as_shown:
            actions.consent(transfer=transfer, confirmed=quote, now=now, by=account)
            messages.success(request, _("The other account has control now."))
            return back_to_car(account, transfer)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect(request.path)
    context = {
        "transfer": transfer,
        "membership": membership,
        "quote": quote,
        "ends": present_consequences(account, quote.ends),
        "currency": account.market.currency,
        "seal": seal(quote),
        "has_changed": answer == "consent",
    }
    return render(request, "subscriptions/control_answer.html", context)


def back_to_car(account: Account, transfer: ControlTransfer) -> HttpResponse:
    """To the car's page of control where it is still in the garage."""
    membership = link_of(account, transfer)
    return redirect("control", membership.public_id) if membership else redirect("garage")
