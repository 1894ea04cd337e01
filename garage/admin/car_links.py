"""Who has a car, and who tried to prove access to it, on its page at the desk (K2)."""

from typing import Any

from django.utils.translation import gettext as _

from garage.models import Vehicle
from portal.desk.pages import Panel
from portal.desk.words import link, moment, operation


def accounts_panel(row: Vehicle, staff: Any) -> Panel:
    """The newest link first. Dates by the clock of whoever reads."""
    zone = staff.market.zone
    rows = [
        [
            link(each.account, each.account.email),
            each.nickname,
            moment(each.linked_at, zone),
            moment(each.verified_at, zone),
            moment(each.driver_since, zone),
            _("in control") if each.is_active and not each.ended_at else "",
            moment(each.ended_at, zone),
        ]
        for each in row.memberships.select_related("account").order_by("-linked_at", "-pk")
    ]
    headings = [_("Account"), _("Nickname"), _("Linked"), _("Access proved"), _("Driver"), _("Control"), _("Left")]
    return Panel(title=_("Accounts with this car"), headings=headings, rows=rows)


def tries_panel(row: Vehicle, staff: Any) -> Panel:
    """V3: where it is blocked, the way to lift it."""
    zone, may_unblock = staff.market.zone, staff.has_perm("garage.change_accesscheck")
    rows = [
        [
            link(each.account, each.account.email),
            link(each, _("%(count)s of 3 tries used") % {"count": each.wrong_tries}),
            moment(each.blocked_at, zone),
            operation(each, "unblocking", _("Unblock")) if each.blocked_at and may_unblock else "",
        ]
        for each in row.access_checks.select_related("account").order_by("pk")
    ]
    headings = [_("Account"), _("Proof of access"), _("Blocked"), _("Operations")]
    return Panel(title=_("Tries to prove access"), headings=headings, rows=rows)
