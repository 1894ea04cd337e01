"""Trips and the last state of a car at the desk, under a case, while the customer's leave holds (K1)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk import reads
from portal.desk.pages import Button, Panel
from portal.desk.words import moment
from support.cases.sight import Sight, running_leave, seen_with
from support.models import Case

TITLE = gettext_lazy("Trips, with the customer’s leave")
# Of agents and administrators: finance sees money, not trips.
NEEDS = "support.view_sightleave"


def may_see_trips(request: HttpRequest) -> bool:
    return request.user.has_perm(NEEDS)  # type: ignore[union-attr]


def sight_buttons(desk: Any, request: HttpRequest, row: Case) -> list[Button]:
    """None without a leave that holds: nothing tells that there might be something."""
    if not may_see_trips(request) or running_leave(row, now=timezone.now()) is None:
        return []
    return [Button(label=TITLE, url=desk.url_of(row, "trips"))]


def sight_page(desk: Any, request: HttpRequest, row: Case) -> HttpResponse:
    """For those who `may_see_trips`. Each look is on record, and the customer sees it."""
    now = timezone.now()
    leave = running_leave(row, now=now)
    if leave is None or leave.account_id is None:
        raise Http404
    reads.note_read(subject=leave, accounts=[leave.account_id], by=request.user, now=now)
    zone = row.market.zone
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": TITLE,
        "row_name": desk.name_of(row),
        "row_url": desk.url_of(row, "change"),
        "effect": [(_("Car"), leave.vehicle), (_("Until"), moment(leave.until, zone))],
        "panels": _panels(seen_with(leave, now=now), zone=zone),
    }
    return TemplateResponse(request, "admin/support/sight.html", context)


def _panels(seen: Sight, *, zone: Any) -> list[Panel]:
    trips = [
        [
            moment(line.trip.started_at, zone),
            moment(line.trip.ended_at, zone),
            line.distance,
            line.lasting,
            line.score,
            _("Privacy Mode on for a part of it") if line.trip.is_partial else "",
        ]
        for line in seen.trips
    ]
    headings = [_("Start"), _("End"), _("Distance"), _("At the wheel"), _("Score"), _("Note")]
    return [Panel(title=_("Trips"), headings=headings, rows=trips), _state(seen, zone=zone)]


def _state(seen: Sight, *, zone: Any) -> Panel:
    rows: list[list[Any]] = []
    if seen.state:
        rows += [[each.label, f"{each.value} {each.unit}", moment(each.at, zone)] for each in seen.state.figures]
        rows += [[each.label, each.value, moment(each.at, zone)] for each in seen.state.lines]
    return Panel(title=_("What the car reported last"), headings=[_("What"), _("Value"), _("When")], rows=rows)
