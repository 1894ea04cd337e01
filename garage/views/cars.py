"""Pages of the garage: my cars, prove access to one, look at it, select and name it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import account_of, member_required, safe_next
from accounts.models import Account
from garage import actions
from garage.access import blocks_of, listed_memberships, membership_or_404, ordered_vehicles, tries_left
from garage.case import case_of, contact_facts
from garage.context import show_in_frame
from garage.forms import cars as forms
from garage.invited import asked_of
from garage.last_state import may_look
from garage.models import Membership
from garage.ordered import order_portrait
from garage.portrait import portrait, with_states
from garage.rules.membership import has_room
from garage.sales import sales_of
from garage.views.proved import to_proved_car
from garage.views.trail import trail
from portal.refusals import Refusal


@require_safe
@member_required
def garage(request: HttpRequest) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    memberships = listed_memberships(account)
    show_in_frame(request, memberships)
    cars = with_states([portrait(membership) for membership in memberships], now=now)
    orders = [order_portrait(order) for order in ordered_vehicles(account)]
    context = {
        "cars": cars,
        "has_room": has_room(len(cars)),
        "orders": orders,
        "has_sales": sales_of(account).exists(),
        "asked": list(asked_of(account, now=now)),
    }
    return render(request, "garage/garage.html", context)


@require_safe
@member_required
def vehicle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    membership = membership_or_404(account, public_id)
    (car,) = with_states([portrait(membership)], now=timezone.now())
    context = {"car": car, "may_look": may_look(membership, account), "crumbs": trail(here=membership.label)}
    return render(request, "garage/vehicle.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def prove_access(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, refused = account_of(request), ""
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
            return to_proved_car(request, proved)
    context = {
        "car": portrait(membership),
        "form": form,
        "refused": refused,
        "tries_left": tries_left(membership),
        "case": case_of(blocks_of(membership)),
        "contact": contact_facts(account.market),
        "crumbs": trail(membership, here=_("Prove access")),
    }
    return render(request, "garage/prove_access.html", context)


@require_POST
@member_required
def select_vehicle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    membership = membership_or_404(account, public_id)
    with _gone_is_404():
        actions.select_vehicle(membership=membership, now=timezone.now(), by=account)
    return redirect(safe_next(request, "garage"))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def rename_vehicle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    membership = membership_or_404(account, public_id)
    form = forms.NicknameForm(request.POST or None, initial={"nickname": membership.nickname})
    if form.is_valid():
        nickname = form.cleaned_data["nickname"]
        with _gone_is_404():
            actions.rename_vehicle(membership=membership, nickname=nickname, now=timezone.now(), by=account)
        return redirect("vehicle", public_id)
    context = {"car": portrait(membership), "form": form, "crumbs": trail(membership, here=_("Nickname"))}
    return render(request, "garage/rename_vehicle.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def invoice_reference(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    membership = membership_or_404(account, public_id)
    form = forms.InvoiceReferenceForm(request.POST or None, initial={"reference": membership.invoice_reference})
    if form.is_valid():
        reference = form.cleaned_data["reference"]
        with _gone_is_404():
            actions.refer_to_vehicle(membership=membership, reference=reference, now=timezone.now(), by=account)
        return redirect("vehicle", public_id)
    context = {"car": portrait(membership), "form": form, "crumbs": trail(membership, here=_("Invoice reference"))}
    return render(request, "garage/invoice_reference.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def invoice_references(request: HttpRequest) -> HttpResponse:
    """What a company's books call each of its cars, on one page (I5)."""
    account = account_of(request)
    cars = listed_memberships(account)
    form = forms.InvoiceReferencesForm(request.POST or None, cars=cars)
    if form.is_valid():
        for car in cars:
            reference = form.cleaned_data[str(car.public_id)]
            with _gone_is_404():
                actions.refer_to_vehicle(membership=car, reference=reference, now=timezone.now(), by=account)
        messages.success(request, _("The references are saved. They stand on the next documents on."))
        return redirect("billing_profile")
    return render(request, "garage/invoice_references.html", {"form": form, "cars": cars})


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
