"""Looking for a dealer, and choosing the one whom the account prefers (A4)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member_required
from accounts.actions.dealers import prefer_dealer
from accounts.dealers import search, towns_of
from accounts.forms.dealers import DealerSearchForm
from accounts.models import Account, Dealer
from accounts.opening_hours import open_sentence, week
from accounts.rules.hours import holidays_ahead, open_until, read_timetable
from accounts.wording import DEALER_SERVICES
from portal.refusals import Refusal


@require_safe
@member_required
def dealers(request: MemberRequest) -> HttpResponse:
    """A list and a map of those that were found; a fixed number of queries."""
    market = request.user.market
    towns = towns_of(market)
    form = DealerSearchForm(request.GET or None, towns=towns)
    result = search(market, towns=towns, **form.wanted, now=timezone.now())
    context = {"form": form, "result": result, "preferred_id": request.user.preferred_dealer_id}
    return render(request, "accounts/dealers.html", context | {"typed": form.wanted["typed"]})


@require_safe
@member_required
def dealer(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = _dealer_or_404(request.user, public_id)
    return render(request, "accounts/dealer.html", _facts(row) | {"is_preferred": _is_preferred(request.user, row)})


@require_POST
@member_required
def preferred_dealer(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Chooses this one in place of any other."""
    row = _dealer_or_404(request.user, public_id)
    try:
        prefer_dealer(account=request.user, dealer=row, now=timezone.now(), by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("dealers")
    messages.success(request, _("%(dealer)s is your preferred dealer now.") % {"dealer": row.name})
    return redirect("account")


@require_POST
@member_required
def no_preferred_dealer(request: MemberRequest) -> HttpResponse:
    prefer_dealer(account=request.user, dealer=None, now=timezone.now(), by=request.user)
    messages.success(request, _("You have no preferred dealer now."))
    return redirect("account")


def _dealer_or_404(account: Account, public_id: UUID) -> Dealer:
    active = Dealer.objects.filter(market=account.market_id, is_active=True)
    return get_object_or_404(active.select_related("town", "market"), public_id=public_id)


def _is_preferred(account: Account, row: Dealer) -> bool:
    return account.preferred_dealer_id == row.pk


def _facts(row: Dealer) -> dict[str, Any]:
    here, timetable = timezone.now().astimezone(row.zone), read_timetable(row.hours)
    return {
        "dealer": row,
        "is_open": open_until(here, timetable) is not None,
        "open_sentence": open_sentence(here, timetable),
        "week": week(here.date(), timetable),
        "holidays": holidays_ahead(here.date(), timetable),
        "services": [DEALER_SERVICES[service] for service in row.services],
    }
