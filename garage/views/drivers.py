"""Drivers of a car (G12): the active account invites, limits and ends them; the invited one accepts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import account_of, member_required
from garage import actions
from garage.access import membership_or_404
from garage.control_access import driver_invitation_or_404, driver_or_404, drivers_of, inviting_link_or_404
from garage.forms.drivers import DriverForm, LastDayForm
from garage.inviting import invite
from garage.rules.drivers import may_still_accept
from garage.rules.membership import Right
from portal.refusals import Refusal

FIELDS = {
    "driver_oneself": "email",
    "driver_there_already": "email",
    "last_day_over": "last_on",
}


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def drivers(request: HttpRequest, public_id: UUID) -> HttpResponse:
    owner, now, status = account_of(request), timezone.now(), 200
    membership = membership_or_404(owner, public_id)
    if not membership.may(Right.SHARING):
        return redirect("control", public_id)
    form = DriverForm(request.POST or None)
    if form.is_valid():
        try:
            invite(membership, **form.cleaned_data, now=now)
        except Refusal as refusal:
            form.add_error(FIELDS.get(refusal.code), str(refusal))
            status = 429 if refusal.code == "too_many" else 200
        else:
            sent = _("The invitation is on its way to %(email)s. It is good for seven days.")
            messages.success(request, sent % {"email": form.cleaned_data["email"]})
            return redirect("drivers", public_id)
    rows = [
        {"access": row, "is_over": row.driver_id is None and not may_still_accept(invited_at=row.invited_at, now=now)}
        for row in drivers_of(owner, membership.vehicle)
    ]
    context = {"membership": membership, "form": form, "rows": rows}
    return render(request, "garage/drivers.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def driver(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The driver's last day."""
    owner = account_of(request)
    access = driver_or_404(owner, public_id)
    membership = inviting_link_or_404(access)
    form = LastDayForm(request.POST or None, initial={"last_on": access.last_on})
    if form.is_valid():
        try:
            actions.limit_driver(access=access, last_on=form.cleaned_data["last_on"], now=timezone.now(), by=owner)
            messages.success(request, _("The last day is saved."))
            return redirect("drivers", membership.public_id)
        except Refusal as refusal:
            form.add_error("last_on", str(refusal))
    return render(request, "garage/driver.html", {"access": access, "membership": membership, "form": form})


@require_POST
@member_required
def driver_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    owner = account_of(request)
    access = driver_or_404(owner, public_id)
    membership = inviting_link_or_404(access)
    actions.end_driver(access=access, now=timezone.now(), by=owner)
    messages.success(request, _("%(email)s has no access to the car any more.") % {"email": access.email})
    return redirect("drivers", membership.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def driver_invitation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, now, refused = account_of(request), timezone.now(), ""
    access = driver_invitation_or_404(account, public_id)
    is_open = may_still_accept(invited_at=access.invited_at, now=now)
    if request.method == "POST":
        try:
            membership = actions.accept_driving(access=access, now=now, by=account)
            messages.success(request, _("%(car)s is in your garage.") % {"car": membership.label})
            return redirect("vehicle", membership.public_id)
        except Refusal as refusal:
            refused = str(refusal)
            is_open = refusal.code != "invitation_over"
    context = {"access": access, "is_open": is_open, "refused": refused}
    return render(request, "garage/driver_invitation.html", context)
