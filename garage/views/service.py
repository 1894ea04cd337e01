"""A car's service: what is due, what was done, open recalls, warranty; and the owner's own entries (G8)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import account_of, member_required
from garage.access import membership_or_404
from garage.actions.service_history import change_service_entry, delete_service_entry, enter_service
from garage.context import shown_link_or_404
from garage.forms.service import ServiceEntryForm
from garage.maintenance import open_recalls, plan_of, read_plans
from garage.models import MaintenanceItem, Membership, ServiceRecord
from garage.rules.membership import Right
from garage.service_page import service_page
from garage.workshops import coming_bookings
from portal.refusals import Refusal

FIELDS = {"day_to_come": "done_on", "reading_does_not_fit": "reading"}


@require_safe
@member_required
def service(request: HttpRequest, public_id: UUID) -> HttpResponse:
    membership, now = shown_link_or_404(request, public_id), timezone.now()
    if not membership.may(Right.SERVICE_HISTORY):
        return redirect("control", public_id)
    context = {
        "membership": membership,
        "page": service_page(membership, now=now),
        "recalls": open_recalls(membership.vehicle),
        "bookings": coming_bookings(membership.vehicle, now=now),
        "may_enter": membership.may(Right.OWN_ENTRIES),
    }
    return render(request, "garage/service.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def service_entry_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    membership = membership_or_404(account, public_id)
    if not membership.may(Right.OWN_ENTRIES):
        return redirect("control", public_id)
    form = ServiceEntryForm(request.POST or None, offered=_offered(membership))
    if form.is_valid():
        try:
            enter_service(membership=membership, **form.facts, now=timezone.now(), by=account)
            messages.success(request, _("Your entry is in the history."))
            return redirect("service", public_id)
        except Refusal as refusal:
            form.add_error(FIELDS.get(refusal.code), str(refusal))
    return render(request, "garage/service_entry.html", {"membership": membership, "form": form, "record": None})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def service_entry(request: HttpRequest, public_id: UUID, entry_id: UUID) -> HttpResponse:
    account = account_of(request)
    membership = membership_or_404(account, public_id)
    record = _own_entry_or_404(membership, entry_id)
    form = ServiceEntryForm(request.POST or None, offered=_offered(membership), initial=_written(record))
    if form.is_valid():
        try:
            change_service_entry(membership=membership, record=record, **form.facts, now=timezone.now(), by=account)
            messages.success(request, _("Your entry is changed."))
            return redirect("service", public_id)
        except Refusal as refusal:
            form.add_error(FIELDS.get(refusal.code), str(refusal))
    return render(request, "garage/service_entry.html", {"membership": membership, "form": form, "record": record})


@require_POST
@member_required
def service_entry_deletion(request: HttpRequest, public_id: UUID, entry_id: UUID) -> HttpResponse:
    account = account_of(request)
    membership = membership_or_404(account, public_id)
    try:
        record = _own_entry_or_404(membership, entry_id)
        delete_service_entry(membership=membership, record=record, now=timezone.now(), by=account)
    except Refusal as refusal:
        # On another device, meanwhile.
        raise Http404 from refusal
    messages.success(request, _("Your entry is deleted."))
    return redirect("service", public_id)


def _offered(membership: Membership) -> list[MaintenanceItem]:
    plan = plan_of(membership.vehicle, read_plans())
    return list(plan.items.all()) if plan else []


def _own_entry_or_404(membership: Membership, entry_id: UUID) -> ServiceRecord:
    entries = ServiceRecord.objects.filter(vehicle=membership.vehicle_id, is_own=True, entered_by=membership.account_id)
    record = entries.filter(public_id=entry_id).first()
    if record is None or not membership.may(Right.OWN_ENTRIES):
        raise Http404
    return record


def _written(record: ServiceRecord) -> dict[str, object]:
    return {
        "done_on": record.done_on,
        "reading": record.odometer_km,
        "items": record.items,
        "works": "\n".join(record.works),
    }
