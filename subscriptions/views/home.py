"""Home: for visitors what this is; for members what needs doing now, per car."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import account_of
from accounts.pausing import is_paused
from garage.access import listed_memberships
from garage.context import show_in_frame
from garage.last_state import LastState, last_states
from garage.models import Membership
from garage.portrait import identity_of
from garage.rules.membership import Right, Standing
from garage.state_portrait import Light, lights_of
from portal.public_pages import public_page
from subscriptions.access import accesses_of, subscriptions_of
from subscriptions.centre.first_steps import first_steps
from subscriptions.forms.customers import MatchForm
from subscriptions.rules.lifecycle import LIVE
from subscriptions.words import presenting


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return _what_this_is(request)
    return _overview(request)


@public_page
def _what_this_is(request: HttpRequest) -> HttpResponse:
    return render(request, "subscriptions/home_visitor.html", {"form": MatchForm()})


@never_cache
def _overview(request: HttpRequest) -> HttpResponse:
    """Open to those who have not accepted the Terms yet: it is their first step."""
    account = account_of(request)
    cars = listed_memberships(account)
    show_in_frame(request, cars)
    paused = is_paused(account, today=account.market.local_date(timezone.now()))
    running = [
        presenting.present(row, is_paused=paused) for row in subscriptions_of(account).filter(status__in=sorted(LIVE))
    ]
    states = last_states(account.pk, [car.vehicle_id for car in cars if car.may(Right.VEHICLE_DATA)])
    steps = first_steps(account, cars=cars, running=[shown.row for shown in running])
    return render(
        request,
        "subscriptions/home.html",
        {
            "cars": [
                {
                    "membership": car,
                    "identity": identity_of(car),
                    "is_driven": _is_driven(car),
                    "running": _of(car.vehicle_id, running),
                    "lights": _warning_lights(states.get(car.vehicle_id)),
                }
                for car in cars
            ],
            "steps": steps,
            # Whoever drives by invitation has nothing to set up.
            "is_settled": all(step["is_done"] for step in steps) or (bool(cars) and all(map(_is_driven, cars))),
            "reads_for_others": not cars and accesses_of(account).exists(),
        },
    )


def _is_driven(car: Membership) -> bool:
    return car.standing is Standing.INVITED


def _warning_lights(state: LastState | None) -> list[Light]:
    """G10: whether one may drive on is the first thing to know of a car."""
    return lights_of(state.values.get("warning_lights") or []) if state else []


def _of(vehicle_id: int, running: list[presenting.Shown]) -> list[presenting.Shown]:
    return [shown for shown in running if shown.row.vehicle_id == vehicle_id]
