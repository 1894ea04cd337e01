"""Privacy Mode of a car: its state with source and time, and what it limits (D2). It is switched elsewhere."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_or_paused_required
from garage.access import membership_or_404
from garage.privacy_mode import told_to
from garage.rules.membership import Right
from garage.views.trail import trail
from subscriptions.centre.packages import Offer, offers_for
from subscriptions.words.not_working import limited_services, since_in_words, switched


@require_safe
@member_or_paused_required
def privacy_mode(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    membership = membership_or_404(account_of(request), membership_id)
    if not membership.may(Right.VEHICLE_DATA):
        return redirect("control", membership_id)
    mode = told_to(membership)
    today = membership.account.market.local_date(timezone.now())
    running = [offer for offer in offers_for(membership, today=today) if _runs(offer)]
    context = {
        "membership": membership,
        "mode": mode,
        "since": since_in_words(mode) if mode else "",
        "source": switched(mode) if mode else "",
        "concerned": [
            {"package": offer.package, "services": ", ".join(names)}
            for offer in running
            if (names := limited_services(offer.package))
        ],
        "crumbs": trail(membership, here=_("Privacy Mode")),
    }
    return render(request, "subscriptions/privacy_mode.html", context)


def _runs(offer: Offer) -> bool:
    """Packages that are free run without a subscription (C3)."""
    return offer.subscription is not None or (offer.package.is_standard and not offer.missing)
