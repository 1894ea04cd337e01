"""The owner's page of accountants: who may read, since when and when last, and inviting one more (I5)."""

from datetime import datetime
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
from garage.access import current_memberships
from garage.models import Vehicle
from garage.portrait import identity_of
from portal.hourly_limit import take_turn
from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.access import accountant_or_404, accountants_of
from subscriptions.actions.accountants import READ, choose_cars, end_access, invite_accountant
from subscriptions.forms.customers import AccountantCarsForm, AccountantForm
from subscriptions.models import AccountantAccess
from subscriptions.papers.history import cars_of
from subscriptions.rules.accountants import may_still_accept

MOST_BY_AN_OWNER = 10
MOST_TO_AN_ADDRESS = 3
LATEST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def accountants(request: HttpRequest) -> HttpResponse:
    owner, now, status = account_of(request), timezone.now(), 200
    cars = _cars(owner)
    form = AccountantForm(request.POST or None, cars=cars)
    if form.is_valid():
        try:
            _invite(owner, form, now=now)
            sent = _("The invitation is on its way to %(email)s. It is good for seven days.")
            messages.success(request, sent % {"email": form.cleaned_data["email"]})
            return redirect("accountants")
        except Refusal as refusal:
            form.add_error(None if refusal.code == "too_many" else "email", str(refusal))
            status = 429 if refusal.code == "too_many" else 200
    context = {"form": form} | _shown(owner, dict(cars), now=now)
    return render(request, "subscriptions/accountants.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def accountant_cars(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A car that is taken off the list is closed to the accountant at once (I5)."""
    owner = account_of(request)
    access = accountant_or_404(owner, public_id)
    form = AccountantCarsForm(request.POST or None, cars=_cars(owner), initial=_chosen_so_far(access))
    if form.is_valid():
        try:
            choose_cars(access=access, vehicles=_vehicles(form), now=timezone.now(), by=owner)
            messages.success(request, _("From now on that is what %(email)s can read.") % {"email": access.email})
        except Refusal as refusal:
            messages.info(request, str(refusal))
        return redirect("accountants")
    return render(request, "subscriptions/accountant_cars.html", {"form": form, "access": access})


@require_POST
@member_required
def accountant_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    owner = account_of(request)
    access = accountant_or_404(owner, public_id)
    end_access(access=access, now=timezone.now(), by=owner)
    messages.success(request, _("%(email)s can no longer read your documents.") % {"email": access.email})
    return redirect("accountants")


def _invite(owner: Account, form: AccountantForm, *, now: datetime) -> None:
    email = form.cleaned_data["email"]
    by_owner = take_turn("accountants-by", str(owner.pk), most=MOST_BY_AN_OWNER, now=now)
    to_address = take_turn("accountants-to", email.lower(), most=MOST_TO_AN_ADDRESS, now=now)
    if not (by_owner and to_address):
        raise Refusal("too_many", _("Too many tries within an hour. Please try again later."))
    invite_accountant(owner=owner, email=email, vehicles=_vehicles(form), now=now, by=owner)


def _vehicles(form: AccountantCarsForm) -> list[Vehicle] | None:
    """None: all. The form takes no other cars than the owner's."""
    if form.cleaned_data["scope"] == "all":
        return None
    return list(Vehicle.objects.filter(public_id__in=form.cleaned_data.get("cars", [])))


def _chosen_so_far(access: AccountantAccess) -> dict[str, Any]:
    cars = [str(vehicle.public_id) for vehicle in access.vehicles.all()]
    return {"scope": "all" if access.is_of_all_cars else "chosen", "cars": cars}


def _cars(owner: Account) -> list[tuple[str, str]]:
    """Those in the garage as they are named there, and sold ones of which there are documents."""
    linked = current_memberships(owner)
    in_garage = {str(link.vehicle.public_id): f"{link.label} · {identity_of(link)}" for link in linked}
    documented = {car.public_id: car.label for car in cars_of(owner)}
    return list((in_garage | documented | in_garage).items())


def _shown(owner: Account, names: dict[str, str], *, now: datetime) -> dict[str, Any]:
    rows = [
        {
            "access": access,
            "cars": [names.get(str(vehicle.public_id), vehicle.model) for vehicle in access.vehicles.all()],
            "is_over": access.accepted_at is None and not may_still_accept(invited_at=access.invited_at, now=now),
        }
        for access in accountants_of(owner)
    ]
    readings = AuditRecord.objects.filter(account=owner, what=READ).order_by("-id")[:LATEST]
    return {"rows": rows, "readings": readings}
