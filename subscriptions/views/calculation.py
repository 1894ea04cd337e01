"""How we calculate: the worked sums, and "what if" with sample figures, for everybody (S13)."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.context import current_market
from portal.models import Market
from portal.public_pages import public_page
from subscriptions.forms.customers import SampleForm
from subscriptions.rules.withdrawal import WITHDRAWAL_DAYS
from subscriptions.vat import rate_of
from subscriptions.what_if import Outcome, what_if_standing
from subscriptions.worked_sums import (
    other_samples,
    sample_cancellations,
    sample_charges,
    sample_splits,
    sample_standing,
)


@require_safe
@public_page
def how_we_calculate(request: HttpRequest) -> HttpResponse:
    """Public; asks by GET alone, so that it needs neither cookie nor token."""
    market = current_market(request)
    today = market.local_date(timezone.now())
    form = SampleForm(request.GET if "day" in request.GET else None, today=today, initial=_first_sample())
    vat_rate = rate_of(market, on=today)
    context = {
        "form": form,
        "outcome": _outcome(form.cleaned_data, market, today=today) if form.is_valid() else None,
        "today": today,
        "currency": market.currency,
        "vat_rate": vat_rate,
        "charges": sample_charges(),
        "cancellations": sample_cancellations(),
        "splits": sample_splits(vat_rate),
        "withdrawal_days": WITHDRAWAL_DAYS,
        "refund_days": market.refund_days,
    }
    return render(request, "subscriptions/how_we_calculate.html", context)


def _first_sample() -> dict[str, Any]:
    return {"term": "yearly", "free_month": True}


def _outcome(asked: dict[str, Any], market: Market, *, today: date) -> Outcome:
    """Of a sample order made today."""
    standing = sample_standing(term=asked["term"], has_free_month=asked["free_month"], activated_on=today)
    others = other_samples(asked["term"])
    return what_if_standing(standing, today=today, on=asked["day"], currency=market.currency, other_plans=others)
