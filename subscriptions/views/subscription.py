"""One subscription: where it stands, what was agreed, what happened, and its cancellation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import account_of, member_required
from garage.context import shown_link_with
from garage.naming import with_known_plate
from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.access import refunds_of, subscription_in_full_or_404, subscription_or_404, subscriptions_of
from subscriptions.actions import cancel as cancelling
from subscriptions.actions.change_term import terms_to_change_to
from subscriptions.actions.pay_now import card_to_pay_with
from subscriptions.actions.withdraw import withdrawable
from subscriptions.centre.priced import Priced, priced_plans
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.forms.customers import WhatIfForm
from subscriptions.models import Plan, Subscription
from subscriptions.reckoning import next_charge
from subscriptions.what_if import may_ask, what_if
from subscriptions.words import presenting
from subscriptions.words.explaining import charges_in, day_asked, explain
from subscriptions.words.refund_states import shown_refund
from subscriptions.words.shown_subscription import is_refused
from subscriptions.words.timeline import records_of, timeline_of

PAGE_SIZE = 20


@require_safe
@member_required
def subscriptions(request: HttpRequest) -> HttpResponse:
    own = with_known_plate(subscriptions_of(account_of(request)))
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [presenting.present(row) for row in page]
    return render(request, "subscriptions/subscriptions.html", {"page": page, "rows": rows})


@require_safe
@member_required
def subscription(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    row = subscription_in_full_or_404(account, public_id)
    records = records_of(row)
    return render(
        request,
        "subscriptions/subscription.html",
        {
            "shown": presenting.present(row),
            "contract": getattr(row, "contract", None),
            "amendments": row.amendments_to_come,
            "planned_change": next(iter(row.planned_changes.all()), None),
            "next_charge": next_charge(row),
            "may_change_term": bool(terms_to_change_to(row)),
            "timeline": timeline_of(row, records),
            "may_undo": cancelling.may_undo(row, now=now),
            "may_withdraw": bool(withdrawable([row], account, now=now)),
            "refunds": [shown_refund(refund, today=row.market.local_date(now)) for refund in refunds_of(row)],
            **_what_if(request, row, now=now),
            "may_pay_now": may_pay_now(row),
            "prices_after": prices_after(row),
            "car": shown_link_with(request, row.vehicle_id),
            **_explanation(request, row, records, now=now),
        },
    )


def _what_if(request: HttpRequest, row: Subscription, *, now: datetime) -> dict[str, Any]:
    """S13: asked by GET with a day; without one the form stands empty."""
    if not may_ask(row):
        return {}
    form = WhatIfForm({"day": request.GET["day"]} if "day" in request.GET else None, today=row.market.local_date(now))
    outcome = what_if(row, on=form.cleaned_data["day"], now=now) if form.is_valid() else None
    return {"what_if_form": form, "outcome": outcome}


def _explanation(
    request: HttpRequest, row: Subscription, records: list[AuditRecord], *, now: datetime
) -> dict[str, Any]:
    """P9: for the day that was asked about."""
    today = row.market.local_date(now)
    asked_on = day_asked(request.GET.get("about", ""), today=today)
    return {"asked_on": asked_on, "explanation": explain(row, on=asked_on, today=today, charges=charges_in(records))}


def prices_after(row: Subscription) -> list[Priced]:
    """C1: what a plan costs once the free years are over; nothing where none is on offer, or it is no free period."""
    if not row.is_complimentary or not row.is_live:
        return []
    return priced_plans(Plan.objects.on_offer().filter(package=row.package_id, market=row.market_id))


def may_pay_now(row: Subscription) -> bool:
    return not is_refused(card_to_pay_with, row)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def cancellation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Shows end and refund, then does just that (X1, X10)."""
    account, now = account_of(request), timezone.now()
    row = subscription_or_404(account, public_id)
    try:
        quote = cancelling.cancellation_quote(row, now=now)
        if request.method == "POST" and is_what_was_shown(request.POST.get("shown", ""), quote):
            cancelling.cancel(subscription=row, confirmed=quote, now=now, by=account)
            messages.success(request, _("Your cancellation is done. The confirmation is on its way by e-mail."))
            return redirect("subscription", public_id)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("subscription", public_id)
    context = {"shown": presenting.present(row), "quote": quote, "seal": seal(quote)}
    context["has_changed"] = request.method == "POST"
    context["ends"] = presenting.present_consequences(account, quote.add_ons)
    return render(request, "subscriptions/cancellation.html", context)


@require_POST
@member_required
def undo_cancellation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    row = subscription_or_404(account, public_id)
    try:
        cancelling.undo_cancellation(subscription=row, now=timezone.now(), by=account)
    except Refusal as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("The cancellation is taken back; your subscription goes on."))
    return redirect("subscription", public_id)
