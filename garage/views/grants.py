"""Third parties that read data of a car by its owner's leave: given, looked at, ended (D3)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import account_of, member_required
from garage.access import membership_or_404
from garage.actions.grant_ends import end_grant
from garage.actions.grants import give_grant
from garage.data.access import (
    accesses_of,
    grant_or_404,
    grants_of,
    link_or_404,
    may_see_data,
    third_parties_of,
)
from garage.data.shown_kinds import leaving_kinds
from garage.data.vehicle_data import title_of
from garage.forms.grants import GrantForm
from garage.models import DataGrant, Membership
from garage.rules.grants import Why
from garage.rules.membership import Right
from garage.views.trail import trail
from garage.words.refusals import grant_end_reason
from portal.hourly_limit import take_turn
from portal.refusals import Refusal

MOST_AN_HOUR = 20
PAGE_SIZE = 20
ENDED_SHOWN = 20
# What the form says, the confirmation asks: "" is the form itself.
GIVE, CHANGE = "give", "change"
FIELDS = {
    "third_party_unknown": "third_party",
    "grant_there_already": "third_party",
    "kinds_unknown": "kinds",
    "last_day_out_of_range": "ends_on",
}


@require_safe
@member_required
def grants(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Also of a car that one had: who read what of it is one's own."""
    account, now = account_of(request), timezone.now()
    link = link_or_404(account, public_id)
    if not may_see_data(link):
        return redirect("control", public_id)
    mine, controls = grants_of(account, link.vehicle), link.ended_at is None and link.is_active
    context = {
        "link": link,
        "controls": controls,
        "running": [_shown(row) for row in mine.running() if row.is_live(now)],
        "over": [_shown(row) for row in mine[:ENDED_SHOWN] if not row.is_live(now)],
        "may_give": controls and third_parties_of(account).exists(),
        "crumbs": trail(link if link.ended_at is None else None, here=_("Who may read its data")),
    }
    return render(request, "garage/grants.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def grant_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The form, then what leaves, then the yes."""
    account, now = account_of(request), timezone.now()
    membership = membership_or_404(account, public_id)
    if not membership.may(Right.VEHICLE_DATA):
        return redirect("control", public_id)
    today, step = account.market.local_date(now), request.POST.get("step", "")
    readers = {row.third_party_id for row in grants_of(account, membership.vehicle).running() if row.is_live(now)}
    form = GrantForm(request.POST or None, third_parties=third_parties_of(account), today=today, readers=readers)
    if step != CHANGE and form.is_valid():
        if step != GIVE:
            return render(request, "garage/grant_confirmation.html", _asked(membership, form))
        try:
            given = _give(membership, form)
            messages.success(request, _("%(company)s may read from now on.") % {"company": given.third_party.name})
            return redirect("grant", given.public_id)
        except Refusal as refusal:
            form.add_error(FIELDS.get(refusal.code), str(refusal))
    context = {"membership": membership, "form": form, "crumbs": trail(membership, here=_("Let a company read data"))}
    return render(request, "garage/grant_new.html", context)


@require_safe
@member_required
def grant(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One of them, with each time that it read."""
    account = account_of(request)
    row = grant_or_404(account, public_id)
    page = Paginator(accesses_of(row), PAGE_SIZE).get_page(request.GET.get("page"))
    link = _link_of(row)
    context = {
        "shown": _shown(row),
        "is_live": row.is_live(timezone.now()),
        "page": page,
        "accesses": [{"access": access, "kinds": _titles(access.kinds)} for access in page],
        "crumbs": trail(link, here=row.third_party.name),
        "link": link,
    }
    return render(request, "garage/grant.html", context)


@require_POST
@member_required
def grant_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    row = grant_or_404(account, public_id)
    end_grant(grant=row, now=timezone.now(), by=account)
    messages.success(request, _("%(company)s reads nothing more of this car.") % {"company": row.third_party.name})
    return redirect("grant", row.public_id)


def _give(membership: Membership, form: GrantForm) -> DataGrant:
    account, now = membership.account, timezone.now()
    if not take_turn("grants-by", str(account.pk), most=MOST_AN_HOUR, now=now):
        raise Refusal("too_many", _("Too many tries within an hour. Please try again later."))
    return give_grant(membership=membership, now=now, by=account, **form.cleaned_data)


def _asked(membership: Membership, form: GrantForm) -> dict[str, Any]:
    given, now = form.cleaned_data, timezone.now()
    wanted = {name: given[name] for name in ("third_party", "kinds", "has_history")}
    asked = DataGrant(account=membership.account, vehicle=membership.vehicle, granted_at=now, **wanted)
    leaving = leaving_kinds(asked, now=now)
    crumbs = trail(membership, here=_("Let a company read data"))
    return {"membership": membership, "form": form, "given": given, "leaving": leaving, "crumbs": crumbs}


def _shown(row: DataGrant) -> dict[str, Any]:
    why = grant_end_reason(Why(row.ended_why)) if row.ended_why else ""
    # One that has run out has its last day as its end until the job comes by.
    return {"grant": row, "kinds": _titles(row.kinds), "why": why, "ended_at": row.ended_at or row.ends_on}


def _titles(names: list[str]) -> str:
    return ", ".join(str(title_of(name)) for name in names)


def _link_of(row: DataGrant) -> Membership | None:
    """The owner's link with the car, where it still is in the garage."""
    current = Membership.objects.current().select_related("vehicle")
    return current.filter(account=row.account_id, vehicle=row.vehicle_id).first()
