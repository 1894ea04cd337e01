"""Pages of the garage: my cars, add one, prove access to it, look at it, select and name it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import member_required, safe_next
from accounts.models import Account
from garage import actions, forms
from garage.access import current_memberships, membership_or_404, tries_left
from garage.models import Membership
from garage.portrait import portrait
from garage.rules.membership import has_room
from portal.refusals import Refusal

# Beside which field a refusal is said; the others concern the form as a whole.
REFUSED_FIELDS = {"vin_malformed": "vin", "vin_unknown": "vin", "plate_malformed": "plate", "plate_unknown": "plate"}


@require_safe
@member_required
def garage(request: HttpRequest) -> HttpResponse:
    cars = [portrait(membership) for membership in current_memberships(_account(request))]
    return render(request, "garage/garage.html", {"cars": cars, "has_room": has_room(len(cars))})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def add_vehicle(request: HttpRequest) -> HttpResponse:
    form = forms.AddVehicleForm(request.POST or None)
    if form.is_valid():
        try:
            membership = _add(_account(request), form)
        except Refusal as refusal:
            # Sent twice, or typed again: the car is where it was to go.
            if refusal.code == "already_in_garage":
                messages.info(request, str(refusal.sentence))
                return redirect("garage")
            form.add_error(REFUSED_FIELDS.get(refusal.code), str(refusal.sentence))
        else:
            messages.success(request, _("%(car)s is in your garage.") % {"car": membership.label})
            return redirect("prove_access", membership.public_id)
    return render(request, "garage/add_vehicle.html", {"form": form, "crumbs": _trail(here=_("Add a car"))})


@require_safe
@member_required
def vehicle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    membership = membership_or_404(_account(request), public_id)
    return render(
        request, "garage/vehicle.html", {"car": portrait(membership), "crumbs": _trail(here=membership.label)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def prove_access(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, refused = _account(request), ""
    membership = membership_or_404(account, public_id)
    form = forms.OdometerForm(request.POST or None)
    if form.is_valid():
        try:
            proved = _prove(account, membership, form)
        except Refusal as refusal:
            # The count may have changed, and with it what the page says.
            membership = membership_or_404(account, public_id)
            if refusal.code == "wrong_reading":
                form.add_error("reading", str(refusal.sentence))
            else:
                refused = str(refusal.sentence)
        else:
            messages.success(request, _("Access is proved: %(car)s is verified.") % {"car": proved.label})
            return redirect("vehicle", public_id)
    context = {"car": portrait(membership), "form": form, "refused": refused, "tries_left": tries_left(membership)}
    return render(request, "garage/prove_access.html", context | {"crumbs": _trail(membership, here=_("Prove access"))})


@require_POST
@member_required
def select_vehicle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = _account(request)
    membership = membership_or_404(account, public_id)
    with _gone_is_404():
        actions.select_vehicle(membership=membership, now=timezone.now(), by=account)
    return redirect(safe_next(request, "garage"))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def rename_vehicle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = _account(request)
    membership = membership_or_404(account, public_id)
    form = forms.NicknameForm(request.POST or None, initial={"nickname": membership.nickname})
    if form.is_valid():
        nickname = form.cleaned_data["nickname"]
        with _gone_is_404():
            actions.rename_vehicle(membership=membership, nickname=nickname, now=timezone.now(), by=account)
        return redirect("vehicle", public_id)
    context = {"car": portrait(membership), "form": form, "crumbs": _trail(membership, here=_("Nickname"))}
    return render(request, "garage/rename_vehicle.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def invoice_reference(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = _account(request)
    membership = membership_or_404(account, public_id)
    form = forms.InvoiceReferenceForm(request.POST or None, initial={"reference": membership.invoice_reference})
    if form.is_valid():
        reference = form.cleaned_data["reference"]
        with _gone_is_404():
            actions.refer_to_vehicle(membership=membership, reference=reference, now=timezone.now(), by=account)
        return redirect("vehicle", public_id)
    context = {"car": portrait(membership), "form": form, "crumbs": _trail(membership, here=_("Invoice reference"))}
    return render(request, "garage/invoice_reference.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def invoice_references(request: HttpRequest) -> HttpResponse:
    """What a company's books call each of its cars, on one page (I5)."""
    account = _account(request)
    cars = list(current_memberships(account))
    form = forms.InvoiceReferencesForm(request.POST or None, cars=cars)
    if form.is_valid():
        for car in cars:
            reference = form.cleaned_data[str(car.public_id)]
            with _gone_is_404():
                actions.refer_to_vehicle(membership=car, reference=reference, now=timezone.now(), by=account)
        messages.success(request, _("The references are saved. They stand on the next documents on."))
        return redirect("billing_profile")
    return render(request, "garage/invoice_references.html", {"form": form, "cars": cars})


def _add(account: Account, form: forms.AddVehicleForm) -> Membership:
    vin, plate, now = form.cleaned_data["vin"], form.cleaned_data["plate"], timezone.now()
    if vin:
        return actions.add_vehicle(account=account, vin=vin, now=now, by=account)
    return actions.add_vehicle_by_plate(account=account, plate=plate, now=now, by=account)


def _prove(account: Account, membership: Membership, form: forms.OdometerForm) -> Membership:
    km = form.cleaned_data["reading"]
    return actions.prove_access(membership=membership, odometer_km=km, now=timezone.now(), by=account)


@contextmanager
def _gone_is_404() -> Iterator[None]:
    """The car left the garage, on another device, between finding it and the action's lock."""
    try:
        yield
    except Refusal as refusal:
        raise Http404 from refusal


def _trail(membership: Membership | None = None, *, here: str) -> list[dict[str, str]]:
    """Breadcrumbs: My Garage, the car, and the page that is shown."""
    crumbs = [{"label": _("My Garage"), "url": reverse("garage")}]
    if membership:
        crumbs.append({"label": membership.label, "url": reverse("vehicle", args=[membership.public_id])})
    return [*crumbs, {"label": here}]


def _account(request: HttpRequest) -> Account:
    """The signed-in account; every view stands behind `member_required`."""
    return cast(Account, request.user)
