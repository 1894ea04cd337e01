"""Which dealer helped with the purchase: an optional page beside the summary of an order (S2)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import accepted_terms_required, account_of
from accounts.dealers import search, towns_of
from accounts.forms.dealers import DealerSearchForm
from subscriptions.views.checkout_steps import (
    asked_for,
    chosen_dealer,
    chosen_plan,
    context_of,
    may_order,
    not_orderable,
    step_url,
)


@require_safe
@accepted_terms_required
def checkout_dealer(request: HttpRequest, membership_id: UUID, package_code: str) -> HttpResponse:
    """The list of dealers (A4), the preferred one first; each choice is a link back to the summary, and so is none."""
    membership, offer = asked_for(request, membership_id, package_code)
    plan = chosen_plan(request, offer)
    if not may_order(membership, offer) or plan is None:
        return not_orderable(request, membership, offer)
    account = account_of(request)
    towns = towns_of(account.market)
    form = DealerSearchForm(request.GET, towns=towns)
    context = context_of(membership, offer, step=2, plan=plan, dealer=chosen_dealer(request, account))
    context |= {
        "form": form,
        "result": search(account.market, towns=towns, **form.wanted, now=timezone.now()),
        "preferred": account.preferred_dealer
        if account.preferred_dealer and account.preferred_dealer.is_active
        else None,
        "summary_without": step_url("checkout_summary", membership, offer, plan),
    }
    return render(request, "subscriptions/checkout_dealer.html", context)
