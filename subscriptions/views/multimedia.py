"""The multimedia of a car: its owner's profile, its maps, and the packages for its screen (C6)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import account_of, member_or_paused_required, member_required
from garage.access import membership_or_404
from garage.actions.map_updates import ask_for_map_update, call_off_map_update
from garage.context import shown_link_or_404
from garage.maps import car_map, update_or_404
from garage.models import MapRelease
from garage.profiles import profile_of, source_sentence
from garage.rules.membership import Right
from garage.views.trail import trail
from portal.refusals import Refusal
from subscriptions.centre.limits import with_limits
from subscriptions.centre.map_page import map_page
from subscriptions.centre.packages import offers_for
from subscriptions.models import Package


@require_safe
@member_or_paused_required
def multimedia(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Verified and invited accounts see the version and their own profile; the active one asks for updates (G11)."""
    membership, now = shown_link_or_404(request, membership_id), timezone.now()
    if not membership.may(Right.OWN_PROFILE):
        return redirect("control", membership_id)
    market = membership.account.market
    offers = offers_for(membership, today=market.local_date(now))
    suite = [offer for offer in offers if offer.package.suite == Package.MULTIMEDIA]
    linked = profile_of(membership)
    context = {
        "membership": membership,
        "profile": linked,
        "source": source_sentence(linked) if linked else "",
        "map": map_page(membership, offers, now=now),
        "rows": with_limits(suite, membership, now=now),
        "currency": market.currency,
        "crumbs": trail(membership, here=_("Multimedia")),
    }
    return render(request, "subscriptions/multimedia.html", context)


@require_POST
@member_required
def map_update(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Asks for the release that the page has shown."""
    account, now = account_of(request), timezone.now()
    membership = membership_or_404(account, membership_id)
    newest = car_map(membership.vehicle, today=account.market.local_date(now)).newest
    try:
        ask_for_map_update(membership=membership, release=_shown(request, newest), now=now, by=account)
        messages.success(request, _("The update is asked for. You see here when it is sent, and when it is installed."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("multimedia", membership_id)


@require_POST
@member_required
def map_update_end(request: HttpRequest, membership_id: UUID, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    update = update_or_404(membership_or_404(account, membership_id), public_id)
    try:
        call_off_map_update(update=update, now=timezone.now(), by=account)
        messages.success(request, _("The update is called off."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("multimedia", membership_id)


def _shown(request: HttpRequest, newest: MapRelease | None) -> MapRelease:
    """Raises `Refusal` not_newest where another one has come out since, or none is there."""
    if newest is None or request.POST.get("version") != newest.version:
        raise Refusal("not_newest", _("Another version has come out since this page was made. Please look again."))
    return newest
