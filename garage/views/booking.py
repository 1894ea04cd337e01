"""Booking a service at a dealer: dealer, works, time; looking at a booking, changing and cancelling it (G8)."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import account_of, member_required
from accounts.models import Account
from garage.access import current_memberships, membership_or_404
from garage.actions.bookings import book_service, cancel_booking, change_booking
from garage.forms.bookings import DealerForm, TimeForm, WorksForm
from garage.models import Booking, Membership, Workshop
from garage.models.booking import LONGEST_WORDS
from garage.notices.bookings import MEDIA_TYPE, calendar_of
from garage.rules import slots
from garage.rules.membership import Right
from garage.workshops import DAYS_SHOWN, FreeDay, bookings_of, free_days, may_be_changed, open_workshops, workshops_of
from portal.card_numbers import masked
from portal.hourly_limit import take_turn
from portal.refusals import Refusal

FIELDS = {"slot_taken": "starts_at"}
# Of the session: what was typed while other days or works are looked at. In an address it would stand in logs.
TYPED = "booking_words"


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def booking_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    membership = membership_or_404(account, public_id)
    if not membership.may(Right.BOOKING):
        return redirect("control", public_id)
    shops = workshops_of(account)
    shop = next((shop for shop in shops if str(shop.public_id) == request.GET.get("dealer")), None)
    if shop is None:
        context = {"membership": membership, "form": DealerForm(offered=shops), "has_dealers": bool(shops)}
        return render(request, "garage/booking_dealer.html", context)
    return _choose(request, membership, shop, None)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def booking_change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    booking = _booking_or_404(account, public_id)
    membership = current_memberships(account).filter(vehicle=booking.vehicle_id).first()
    shop = open_workshops().filter(pk=booking.workshop_id).first()
    if membership is None or shop is None or not may_be_changed(booking, now=timezone.now()):
        messages.error(request, _("This booking cannot be changed here any more. Please call the dealer."))
        return redirect("booking", public_id)
    return _choose(request, membership, shop, booking)


@require_safe
@member_required
def booking(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    row = _booking_or_404(account, public_id)
    membership = current_memberships(account).filter(vehicle=row.vehicle_id).first()
    context = {"booking": row, "membership": membership, "may_change": may_be_changed(row, now=timezone.now())}
    return render(request, "garage/booking.html", context)


@require_POST
@member_required
def booking_cancellation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    try:
        cancel_booking(booking=_booking_or_404(account, public_id), now=timezone.now(), by=account)
        messages.success(request, _("The booking is cancelled."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("booking", public_id)


@require_safe
@member_required
def booking_calendar(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _booking_or_404(account_of(request), public_id)
    response = HttpResponse(calendar_of(row), content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="booking.ics"'
    return response


def _choose(request: HttpRequest, membership: Membership, shop: Workshop, changed: Booking | None) -> HttpResponse:
    """Works first, then a time: both stand in the address, so that going back loses nothing."""
    written = _booked_so_far(changed) if changed else {}
    has_chosen = "works" in request.GET or "since" in request.GET
    wanted = WorksForm(request.GET if has_chosen else None, offered=shop.works.all(), initial=written)
    context: dict[str, Any] = {
        "membership": membership,
        "shop": shop,
        "booking": changed,
        "dealer": shop.public_id,
    }
    if not wanted.is_valid():
        return render(request, "garage/booking_works.html", context | {"form": wanted})
    days = _free_days(shop, wanted, changed)
    # Other days are looked at from within the form, so that what was written goes along.
    is_looking = "look" in request.POST
    if is_looking:
        request.session[TYPED] = {request.path: masked(request.POST.get("words", ""))[:LONGEST_WORDS]}
    if request.POST.get("look") == "works":
        return redirect(_works_again(request, shop, changed))
    written |= {"words": request.session.get(TYPED, {}).get(request.path, written.get("words", ""))}
    form = TimeForm(None if is_looking else request.POST or None, days=days, initial=written)
    if form.is_valid():
        try:
            booked = _carry_out(membership, shop, changed, wanted, form)
            request.session.pop(TYPED, None)
            messages.success(request, _("The time is yours. A mail with it is on its way to you."))
            return redirect("booking", booked.public_id)
        except Refusal as refusal:
            form.add_error(FIELDS.get(refusal.code), str(refusal))
    context |= {"form": form, "has_times": any(day.starts for day in days), "later": _later(request, days)}
    return render(request, "garage/booking_time.html", context | {"works": _names(shop, wanted)})


def _works_again(request: HttpRequest, shop: Workshop, changed: Booking | None) -> str:
    return request.path if changed else f"{request.path}?{urlencode({'dealer': shop.public_id})}"


def _booked_so_far(booking: Booking) -> dict[str, Any]:
    """A change begins with what is booked, on the days around it."""
    return {
        "works": [work["code"] for work in booking.works],
        "since": booking.starts_at.astimezone(booking.workshop.dealer.zone).date(),
        "starts_at": booking.starts_at.isoformat(),
        "words": booking.words,
    }


def _carry_out(
    membership: Membership, shop: Workshop, changed: Booking | None, wanted: WorksForm, form: TimeForm
) -> Booking:
    account, now = membership.account, timezone.now()
    if not take_turn("bookings", str(account.pk), most=slots.TRIES_AN_HOUR, now=now):
        raise Refusal("too_many", _("Too many tries within an hour. Please try again later."))
    facts = {**form.cleaned_data, "codes": wanted.cleaned_data["works"], "now": now, "by": account}
    if changed:
        return change_booking(booking=changed, **facts)
    return book_service(membership=membership, workshop=shop, **facts)


def _free_days(shop: Workshop, wanted: WorksForm, changed: Booking | None) -> list[FreeDay]:
    codes, since = wanted.cleaned_data["works"], wanted.cleaned_data["since"]
    length = slots.length_of(work.minutes for work in shop.works.all() if work.code in codes)
    return free_days(shop, length=length, first=since or date.min, now=timezone.now(), besides=changed)


def _names(shop: Workshop, wanted: WorksForm) -> list[str]:
    return [work.name for work in shop.works.all() if work.code in wanted.cleaned_data["works"]]


def _later(request: HttpRequest, days: list[FreeDay]) -> str:
    """The query of the days after these; empty where no more are offered."""
    if len(days) < DAYS_SHOWN:
        return ""
    kept = [(name, value) for name, values in request.GET.lists() if name != "since" for value in values]
    return urlencode([*kept, ("since", days[-1].on.isoformat())])


def _booking_or_404(account: Account, public_id: UUID) -> Booking:
    return get_object_or_404(bookings_of(account), public_id=public_id)
