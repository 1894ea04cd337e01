"""The customer's page for the day on which an ordered car is handed over (G4)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_required
from garage.delivery import delivery_or_404
from garage.delivery_page import steps_of
from garage.ordered import order_portrait


@require_safe
@member_required
def delivery(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = delivery_or_404(account_of(request), public_id, now=timezone.now())
    context = {"delivery": found, "ordered": order_portrait(found.order), "steps": steps_of(found)}
    return render(request, "garage/delivery.html", context)
