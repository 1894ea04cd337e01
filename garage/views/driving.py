"""Pages of one's own driving: a month, the trips, one of them, and why one is missing or wrong (T3, T4)."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_required
from garage import privacy_mode
from garage.driving.access import OwnDriving, own_driving, page_of_trips, trip_or_404, trips_between
from garage.driving.missing_trips import reasons_of
from garage.driving.month import kept, month_page, sums_by_day, sums_by_month
from garage.driving.trips import TripLine, effect_on_month
from garage.forms.driving import MissingTripForm, TripsForm
from garage.models import Trip
from garage.rules.driving import Month, summed
from garage.rules.membership import Right
from garage.words.driving import indicative, month_in_words, service_name

Page = Callable[..., HttpResponseBase]


def own_driving_required(view: Callable[..., HttpResponse]) -> Page:
    """Finds the car; who has no right to its data, and never had, is led to what would give it (G11)."""

    @require_safe
    @member_required
    @wraps(view)
    def guarded(request: HttpRequest, public_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        driving = own_driving(account_of(request), public_id)
        return view(request, driving, *args, **kwargs) if driving.may_be_seen else redirect("control", public_id)

    return guarded


@own_driving_required
def driving(request: HttpRequest, own: OwnDriving, month: str = "") -> HttpResponse:
    """The month of the address; without one, the newest with trips."""
    today = own.account.market.local_date(timezone.now())
    months, known = sums_by_month(own.days()), own.known(today=today)
    chosen = _month(month) if month else max(months, default=Month.of(today))
    page = month_page(own, chosen, months, known=known) if known else None
    if month and page is None:
        raise Http404
    later = min((each for each in months if each > chosen), default=None)
    earlier = max((each for each in months if each < chosen), default=None)
    context = {
        "page": page if page and page.sums.trips else None,
        "has_trips": bool(months),
        "later": later and (later, month_in_words(later)),
        "earlier": earlier and (earlier, month_in_words(earlier)),
        "kept": kept(months, own.days()),
        "privacy": _privacy_that_is_on(own),
        "indicative": indicative(),
        **_frame(own, month_in_words(chosen) if months else ""),
    }
    return render(request, "garage/driving.html", context)


@own_driving_required
def trips(request: HttpRequest, own: OwnDriving) -> HttpResponse:
    form = TripsForm(request.GET)
    rows: list[Trip] = []
    follows = False
    if form.is_valid():
        asked = trips_between(own.trips(), first=form.cleaned_data["first"], last=form.cleaned_data["last"])
        if form.cleaned_data["partial"]:
            asked = asked.filter(is_partial=True)
        rows, follows = page_of_trips(asked, after=_after(request, own))
    filters = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "trips": [TripLine(trip) for trip in rows],
        "older": urlencode({**filters, "after": rows[-1].reported_id}) if follows else "",
        "newest": urlencode(filters) if request.GET.get("after") else None,
        "is_filtered": bool(filters),
        "indicative": indicative(),
        **_frame(own, _("Trips"), up=("driving",)),
    }
    return render(request, "garage/driving_trips.html", context)


@own_driving_required
def trip(request: HttpRequest, own: OwnDriving, trip_id: UUID) -> HttpResponse:
    found = trip_or_404(own, trip_id)
    month = Month.of(found.on)
    of_month = sums_by_day(own.days().filter(on__range=(month.days.first, month.days.last)))
    context = {
        "line": TripLine(found),
        "month": month,
        "month_name": month_in_words(month),
        "effect": effect_on_month(found, summed(of_month.values())),
        "indicative": indicative(),
        **_frame(own, _("One trip"), up=("driving", "driving_trips")),
    }
    return render(request, "garage/driving_trip.html", context)


@own_driving_required
def missing(request: HttpRequest, own: OwnDriving) -> HttpResponse:
    """For the day of the address, today or before."""
    now = timezone.now()
    today = own.account.market.local_date(now)
    form = MissingTripForm(request.GET if "on" in request.GET else None, today=today)
    on = form.cleaned_data["on"] if form.is_valid() else None
    contact = urlencode({"trip": own.link.public_id, "on": on.isoformat()}) if on else ""
    context = {
        "form": form,
        "on": on,
        "groups": reasons_of(own, on, now=now) if on else [],
        "contact": contact,
        **_frame(own, _("Missing or wrong"), up=("driving",)),
    }
    return render(request, "garage/driving_missing.html", context)


def _privacy_that_is_on(own: OwnDriving) -> privacy_mode.PrivacyMode | None:
    """D2: to whoever has control of the car now."""
    if own.link.ended_at is not None or not own.link.may(Right.VEHICLE_DATA):
        return None
    mode = privacy_mode.told_to(own.link)
    return mode if mode and mode.is_on else None


def _month(text: str) -> Month:
    try:
        return Month.read(text)
    except ValueError as error:
        raise Http404 from error


def _after(request: HttpRequest, own: OwnDriving) -> Trip | None:
    """The last trip of the page before. Raises Http404 for one that is none of theirs, or gone."""
    asked = request.GET.get("after")
    if not asked:
        return None
    try:
        return trip_or_404(own, UUID(asked))
    except ValueError as error:
        raise Http404 from error


def _frame(own: OwnDriving, here: str, *, up: tuple[str, ...] = ()) -> dict[str, Any]:
    """What each of the pages says of where it is."""
    link, service = own.link, service_name(own.link.vehicle)
    names = {"driving": service, "driving_trips": _("Trips")}
    crumbs = [{"label": _("My Garage"), "url": reverse("garage")}]
    if link.ended_at is None:
        crumbs.append({"label": link.label, "url": reverse("vehicle", args=[link.public_id])})
    crumbs += [{"label": names[name], "url": reverse(name, args=[link.public_id])} for name in up]
    return {"membership": link, "service": service, "crumbs": [*crumbs, {"label": here or service}]}
