"""Selling a car, step by step: begun, removed as confirmed, screen cleared, certified, a note for the buyer (L1)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import account_of, member_required
from garage.access import listed_memberships, membership_or_404
from garage.actions.transfer_code import issue_transfer_code
from garage.models import ControlTransfer, Sale
from garage.rules.membership import Right
from garage.sales import connections_of, has_other_cars, sale_or_404, sales_of
from portal.refusals import Refusal
from subscriptions.actions import sell
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.papers.certificate import certificate_pdf, check_url
from subscriptions.selling import refunds_of, steps_of
from subscriptions.words.presenting import present_consequences


@require_safe
@member_required
def sales(request: HttpRequest) -> HttpResponse:
    """And the cars that can be sold, where no sale of them is open yet."""
    account = account_of(request)
    rows = list(sales_of(account))
    begun = {row.membership_id for row in rows}
    cars = [car for car in listed_memberships(account) if car.may(Right.CONTROL) and car.pk not in begun]
    return render(request, "subscriptions/sales.html", {"sales": rows, "cars": cars})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def sale_start(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """What selling it means; POST begins. One that is open already goes on."""
    account, now = account_of(request), timezone.now()
    membership = membership_or_404(account, membership_id)
    if open_sale := sales_of(account).filter(membership=membership).first():
        return redirect("sale", open_sale.public_id)
    if not membership.may(Right.CONTROL):
        return redirect("control", membership_id)
    if request.method == "POST":
        try:
            return redirect("sale", sell.begin_sale(membership=membership, now=now, by=account).public_id)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect("control", membership_id)
    shown = sell.sale_removal(membership, now=now)
    context = {"membership": membership, "shown": shown, "currency": account.market.currency}
    return render(request, "subscriptions/sale_start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def sale(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The checklist; POST finishes the sale."""
    account, now = account_of(request), timezone.now()
    row = sale_or_404(account, public_id)
    if request.method == "POST":
        try:
            sell.finish_sale(sale=row, now=now, by=account)
            messages.success(request, _("The sale is finished. Here is your certificate."))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect("sale", public_id)
    connections = connections_of(row)
    context = {
        "sale": row,
        "steps": steps_of(row, connections, now=now),
        "may_finish": row.is_open and sell.is_finishable(connections),
        "refunds": refunds_of(row, now=now),
        "check_url": check_url(row, language=translation.get_language() or "en") if row.is_finished else "",
    }
    return render(request, "subscriptions/sale.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def sale_removal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    row = sale_or_404(account, public_id)
    if row.has_left:
        return redirect("sale", public_id)
    shown = sell.sale_removal(row.membership, now=now)
    if request.method == "POST" and is_what_was_shown(request.POST.get("shown", ""), shown):
        try:
            sell.remove_sold_vehicle(sale=row, confirmed=shown, now=now, by=account)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect(request.path)
        messages.success(request, _("%(car)s has left your garage.") % {"car": row.membership.label})
        return redirect("sale", public_id)
    ends = present_consequences(account, shown.removal.quote.ends)
    context = {
        "sale": row,
        "membership": row.membership,
        "shown": shown,
        "ends": ends,
        # X7: offered first, to be cancelled and kept to the end of what is paid.
        "may_wait": [end for end in ends if end.shown.row.may_run_out],
        "asked_of_me": _asked(row),
        "currency": account.market.currency,
        "seal": seal(shown),
        "has_changed": request.method == "POST",
    }
    return render(request, "subscriptions/sale_removal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def sale_connections(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is left after the car has: each with its end, and the declaration about the car's screen."""
    account = account_of(request)
    row = sale_or_404(account, public_id)
    if not row.is_open or not row.has_left:
        return redirect("sale", public_id)
    if request.method == "POST":
        sell.declare_head_unit(sale=row, now=timezone.now(), by=account)
        messages.success(request, _("It is noted that your profile is removed from the car’s screen."))
        return redirect("sale", public_id)
    connections = connections_of(row)
    sections = [section for section in connections.sections if section.reachers]
    is_one_in_a_car = any(reacher.is_in_a_car for section in sections for reacher in section.reachers)
    context = {
        "sale": row,
        "connections": connections,
        "sections": sections,
        "may_be_elsewhere": is_one_in_a_car and has_other_cars(row),
    }
    return render(request, "subscriptions/sale_connections.html", context)


@require_POST
@member_required
def sale_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Called off: the car is kept."""
    account = account_of(request)
    row = sale_or_404(account, public_id)
    try:
        sell.call_off_sale(sale=row, now=timezone.now(), by=account)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("sale", public_id)
    messages.success(request, _("The sale is called off. Nothing has changed."))
    return redirect("vehicle", row.membership.public_id)


@require_safe
@member_required
def sale_certificate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """In the language of the page that links to it."""
    row = sale_or_404(account_of(request), public_id)
    if not row.is_finished:
        return redirect("sale", public_id)
    content = certificate_pdf(row, language=translation.get_language() or "en")
    headers = {"Content-Disposition": f'attachment; filename="{row.check_number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def sale_note(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A sheet to print for the buyer. POST makes a transfer code, which stands on this answer and nowhere else."""
    account = account_of(request)
    row = sale_or_404(account, public_id)
    if not row.has_left:
        return redirect("sale", public_id)
    context: dict[str, Any] = {"sale": row, "last_code": row.codes.order_by("-issued_at", "-pk").first()}
    if request.method == "POST":
        try:
            context["issued"] = issue_transfer_code(sale=row, now=timezone.now(), by=account)
        except Refusal as refusal:
            return render(request, "subscriptions/sale_note.html", context | {"refused": str(refusal)}, status=429)
    if row.is_finished:
        context["check_url"] = check_url(row, language=translation.get_language() or "en")
    return render(request, "subscriptions/sale_note.html", context)


def _asked(row: Sale) -> ControlTransfer | None:
    """Whoever asks for control just then has to be answered first (V4)."""
    link = row.membership
    return ControlTransfer.objects.open().requests().filter(vehicle=link.vehicle_id, giver=link.account_id).first()
