"""The vehicle report: what it is to say, and the PDF (G8)."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_required
from garage.access import membership_or_404
from garage.driving.access import own_driving
from garage.models import Membership
from garage.rules.driving import Days
from garage.rules.membership import Right
from portal.hourly_limit import take_turn
from subscriptions.forms.reports import ReportForm
from subscriptions.papers.downloads import pdf_file
from subscriptions.papers.vehicle_report import report_pdf

MOST_AN_HOUR = 30


@require_safe
@member_required
def vehicle_report(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Once all is said right, the page leads to the file."""
    membership = membership_or_404(account_of(request), membership_id)
    if not membership.may(Right.SPECIFICATION):
        return redirect("control", membership_id)
    form = _form(request, membership)
    ready = urlencode(form.chosen) if form.is_bound and form.is_valid() else ""
    context = {"membership": membership, "form": form, "ready": ready, "has_driving": _has_driving(membership)}
    return render(request, "subscriptions/vehicle_report.html", context)


@require_safe
@member_required
def vehicle_report_pdf(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    membership = membership_or_404(account_of(request), membership_id)
    if not membership.may(Right.SPECIFICATION):
        return redirect("control", membership_id)
    form, now = _form(request, membership), timezone.now()
    if not form.is_valid():
        return redirect("vehicle_report", membership_id)
    if not take_turn("vehicle-report", str(membership.account_id), most=MOST_AN_HOUR, now=now):
        messages.error(request, _("That were many reports. Please wait an hour for the next one."))
        return redirect("vehicle_report", membership_id)
    today = membership.account.market.local_date(now)
    content = report_pdf(membership, **_driving(membership, form.cleaned_data, today=today), now=now)
    return pdf_file(content, name=f"vehicle-report-{today}.pdf")


def _form(request: HttpRequest, membership: Membership) -> ReportForm:
    today = membership.account.market.local_date(timezone.now())
    return ReportForm(request.GET or None, today=today, language=request.LANGUAGE_CODE)


def _has_driving(membership: Membership) -> bool:
    return own_driving(membership.account, membership.public_id).may_be_seen


def _driving(membership: Membership, chosen: dict[str, Any], *, today: date) -> dict[str, Any]:
    """D4: the part of the period that is the account's own; nothing where it never had control of the car."""
    own = own_driving(membership.account, membership.public_id)
    driving = own if chosen["driving"] and own.may_be_seen else None
    known = driving.known(today=today) if driving else None
    period = known.within(Days(chosen["first"], chosen["last"])) if known else None
    return {"driving": driving, "period": period, "language": chosen["language"]}
