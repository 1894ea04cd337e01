"""Cars and control on the customer's page (K2): standing, control, drivers, tries at proving access, requests."""

from collections import defaultdict
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.customer_page import CONTROL, SHOWN, section
from accounts.models import Account
from garage.models import AccessCheck, ControlTransfer, DriverAccess, Membership
from portal.desk.pages import Button, Panel
from portal.desk.words import link, list_url, moment, operation, side_by_side


@section(place=CONTROL, needs="garage.view_membership")
def cars(account: Account, staff: Any) -> Panel:
    """Those in the garage first, then those that have left it. Of other accounts it says no more than that they are."""
    links = Membership.objects.with_state().filter(account=account)
    shown = list(links.order_by(F("ended_at").desc(nulls_first=True), "-linked_at", "-pk")[:SHOWN])
    vehicles = [row.vehicle_id for row in shown]
    checks = {each.vehicle_id: each for each in AccessCheck.objects.filter(account=account, vehicle__in=vehicles)}
    drivers, requests = _drivers(account, vehicles), _requests(account, vehicles)
    rows = [
        [
            link(row.vehicle, str(row.vehicle)),
            standing(row),
            _control(row),
            ", ".join(drivers[row.vehicle_id]),
            _tries(checks.get(row.vehicle_id), account, staff),
            side_by_side(requests[row.vehicle_id]),
        ]
        for row in shown
    ]
    headings = [_("Car"), _("Standing"), _("Control"), _("Drivers"), _("Proof of access"), _("Open requests")]
    tries = list_url(AccessCheck, account__id__exact=account.pk)
    return Panel(
        title=_("Cars"), headings=headings, rows=rows, links=[Button(label=_("All tries to prove access"), url=tries)]
    )


def standing(row: Membership) -> str:
    if row.ended_at:
        return _("has left the garage")
    if row.is_active:
        return _("active account")
    if row.is_driver and not row.is_verified:
        return _("driver by invitation")
    return _("verified") if row.is_verified else _("in the garage, access not proved")


def _control(row: Membership) -> str:
    if row.is_active and not row.ended_at:
        return _("this account")
    return _("another account") if row.has_other_active else _("nobody")


def _drivers(account: Account, vehicles: list[int]) -> dict[int, list[str]]:
    """Whom this account lets drive; the addresses are those that it typed."""
    found: dict[int, list[str]] = defaultdict(list)
    mine = DriverAccess.objects.filter(owner=account, vehicle__in=vehicles, ended_at__isnull=True)
    for driver in mine.order_by("invited_at", "pk"):
        found[driver.vehicle_id].append(driver.email if driver.accepted_at else f"{driver.email} ({_('invited')})")
    return found


def _requests(account: Account, vehicles: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    mine = ControlTransfer.objects.open().filter(Q(giver=account) | Q(taker=account), vehicle__in=vehicles)
    for each in mine.order_by("begun_at", "pk"):
        said = _("offered") if each.is_offer else _("asked for")
        due = _("%(what)s, due %(moment)s") % {"what": said, "moment": moment(each.due_at, account.market.zone)}
        found[each.vehicle_id].append(link(each, due))
    return found


def _tries(check: AccessCheck | None, account: Account, staff: Any) -> str:
    if check is None:
        return ""
    if check.blocked_at:
        said = _("blocked since %(moment)s") % {"moment": moment(check.blocked_at, account.market.zone)}
        may_unblock = staff.has_perm("garage.change_accesscheck")
        return side_by_side(
            [link(check, said), *([operation(check, "unblocking", _("Unblock"))] if may_unblock else [])]
        )
    return link(check, _("%(count)s of 3 tries used") % {"count": check.wrong_tries})
