"""Cases on the customer's page (K2): those that wait first; finance sees those of billing only."""

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.customer_page import CASES, SHOWN, section
from accounts.models import Account
from portal.desk.pages import Button, Panel
from portal.desk.words import link, list_url, moment, operation, side_by_side
from support.admin.cases import STATES
from support.models import Case


@section(place=CASES, needs="support.view_case")
def cases(account: Account, staff: Any) -> Panel:
    zone, now = account.market.zone, timezone.now()
    found = Case.objects.filter(account=account).select_related("category", "owner")
    if not staff.has_perm("support.view_every_case"):
        found = found.filter(category__is_billing=True)
    may_work = staff.has_perm("support.change_case")
    rows = [
        [
            link(row, row.number),
            row.category.name,
            STATES[row.state],
            _due(row, zone=zone, now=now),
            row.owner.email if row.owner else _("nobody"),
            moment(row.last_at, zone),
            side_by_side(_operations(row)) if may_work and not row.is_closed else "",
        ]
        for row in found.order_by(F("closed_at").desc(nulls_first=True), "-last_at", "-pk")[:SHOWN]
    ]
    headings = [_("Case"), _("Category"), _("State"), _("Answer due"), _("Owner"), _("Last written"), _("Operations")]
    all_of_them = Button(label=_("All of them"), url=list_url(Case, account__id__exact=account.pk))
    return Panel(title=_("Cases"), headings=headings, rows=rows, links=[all_of_them])


def _operations(row: Case) -> list[str]:
    return [operation(row, "answer", _("Answer")), operation(row, "closing", _("Close the case"))]


def _due(row: Case, *, zone: Any, now: Any) -> str:
    if row.due_at is None:
        return ""
    said = moment(row.due_at, zone)
    return _("overdue since %(moment)s") % {"moment": said} if row.due_at < now else said
