"""What a car last reported, and what it told after its trips: each account its own time's (G10, D4). Looking only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_required
from accounts.models import Account, Dealer
from accounts.opening_hours import open_sentence
from accounts.rules.hours import read_timetable
from garage.access import membership_or_404
from garage.alert_portrait import alert_portrait
from garage.last_state import last_states, may_look
from garage.models import Membership, VehicleAlert
from garage.own_time import own
from garage.state_portrait import state_portrait
from garage.views.trail import trail

NEWEST = 3
PAGE_SIZE = 20


@require_safe
@member_required
def vehicle_state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    membership = membership_or_404(account, public_id)
    if not may_look(membership, account):
        return redirect("control", public_id)
    state = last_states(account.pk, [membership.vehicle_id]).get(membership.vehicle_id)
    context = {
        "membership": membership,
        "state": state_portrait(state, now=now) if state else None,
        "alerts": [alert_portrait(alert) for alert in _alerts(membership, account)[:NEWEST]],
        "dealer": _dealer(account, now=now),
        "crumbs": trail(membership, here=_("Last known state")),
    }
    return render(request, "garage/vehicle_state.html", context)


@require_safe
@member_required
def vehicle_alerts(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    membership = membership_or_404(account, public_id)
    if not may_look(membership, account):
        return redirect("control", public_id)
    page = Paginator(_alerts(membership, account), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "membership": membership,
        "page": page,
        "alerts": [alert_portrait(alert) for alert in page],
        "dealer": _dealer(account, now=now),
        "crumbs": trail(membership, here=_("Alerts")),
    }
    return render(request, "garage/vehicle_alerts.html", context)


def _alerts(membership: Membership, account: Account) -> QuerySet[VehicleAlert]:
    own_ones = own(VehicleAlert.objects.all(), account=account, vehicle=membership.vehicle, field="at")
    return own_ones.order_by("-at", "-pk")


def _dealer(account: Account, *, now: datetime) -> dict[str, Any] | None:
    """Whom to call: the preferred dealer, and whether it is open just now."""
    if account.preferred_dealer_id is None:
        return None
    dealer = Dealer.objects.select_related("market").get(pk=account.preferred_dealer_id)
    sentence = open_sentence(now.astimezone(dealer.zone), read_timetable(dealer.hours))
    return {"name": dealer.name, "telephone": dealer.telephone, "open_sentence": sentence}
