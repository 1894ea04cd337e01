"""Where a proof of access leads: to the car, or first to whoever else still reaches it (L1, V4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from garage.control_access import links_that_reach
from garage.models import Membership


def to_proved_car(request: HttpRequest, membership: Membership) -> HttpResponse:
    """One who has control now sees how many others still reach the car, where there are any, and cuts them off."""
    others = links_that_reach(membership).count() if membership.is_active else 0
    if not others:
        return redirect("vehicle", membership.public_id)
    said = ngettext(
        "%(count)d other account still reaches this car. Cut it off if you do not want it.",
        "%(count)d other accounts still reach this car. Cut off those that you do not want.",
        others,
    )
    messages.warning(request, said % {"count": others})
    return redirect("reach", membership.public_id)
