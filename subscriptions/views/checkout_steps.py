"""What the steps of the checkout share: what is ordered, and the address of each step (S2).

All that was chosen on the way stands in the address, so that a reload, the back button and a second tab keep it.
"""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import account_of
from accounts.models import Account, Dealer
from garage.access import membership_or_404
from garage.models import Membership
from garage.rules.membership import Right
from subscriptions.centre.packages import Offer, offer_for
from subscriptions.centre.selling_channels import sold_in_app_sentence
from subscriptions.models import Plan
from subscriptions.words.packages import still_free_sentence
from subscriptions.words.reasons import MISSING

PAGES = ("checkout_plan", "checkout_payment", "checkout_dealer", "checkout_summary")


def asked_for(request: HttpRequest, membership_id: UUID, package_code: str) -> tuple[Membership, Offer]:
    membership = membership_or_404(account_of(request), membership_id)
    offer = offer_for(membership, package_code, today=today_of(membership))
    if offer is None or not membership.may(Right.CONTROL):
        raise Http404
    return membership, offer


def today_of(membership: Membership, now: datetime | None = None) -> date:
    return membership.account.market.local_date(now or timezone.now())


def chosen_plan(request: HttpRequest, offer: Offer) -> Plan | None:
    term = request.GET.get("term", "")
    return next((plan for plan in offer.plans if plan.term == term), None)


def chosen_dealer(request: HttpRequest, account: Account) -> Dealer | None:
    """The dealer of the address; one that is not in the account's list counts as none."""
    try:
        public_id = UUID(request.GET.get("dealer", ""))
    except ValueError:
        return None
    return Dealer.objects.filter(market=account.market_id, is_active=True, public_id=public_id).first()


def may_order(membership: Membership, offer: Offer) -> bool:
    """Whether the pages may go on with it: it can be ordered now, with the base it needs (S12), and here (C8)."""
    return offer.is_orderable and offer.has_base and offer.is_sold_in_portal


def not_orderable(request: HttpRequest, membership: Membership, offer: Offer) -> HttpResponse:
    """Back button after ordering, an old bookmark, a package that has become unavailable: say so, lead on."""
    if ordered := offer.ordered_ahead or offer.subscription:
        messages.info(request, _("You have ordered %(package)s already.") % {"package": offer.package.name})
        return redirect("subscription", ordered.public_id)
    if may_order(membership, offer):
        return redirect("checkout_plan", membership.public_id, offer.package.code)
    messages.info(request, _why_not(membership, offer))
    return redirect("services", membership.public_id)


def _why_not(membership: Membership, offer: Offer) -> str:
    """In the words of the Centre and of the order's own refusals (C2, C4, S12, C8)."""
    if offer.missing:
        return " ".join(str(MISSING[reason]) for reason in offer.missing)
    if (offer.is_in_free_period or offer.is_included_later) and not offer.is_orderable:
        return still_free_sentence(offer.free_period, today=today_of(membership))
    if offer.is_orderable and offer.package.base and not offer.has_base:
        base = offer.package.base.name
        return _("It is an addition to %(base)s, which has to be running first.") % {"base": base}
    if offer.is_orderable:
        return sold_in_app_sentence(membership.account.market)
    return _("%(package)s cannot be ordered for this car now.") % {"package": offer.package.name}


def context_of(
    membership: Membership,
    offer: Offer,
    *,
    step: int,
    plan: Plan | None = None,
    dealer: Dealer | None = None,
    **more: Any,
) -> dict[str, Any]:
    urls = {name: step_url(name, membership, offer, plan, dealer) for name in PAGES}
    return {
        "membership": membership,
        "offer": offer,
        "plan": plan,
        "dealer": dealer,
        "currency": membership.account.market.currency,
        "market": membership.account.market,
        "urls": urls,
        "steps": steps(step=step, urls=[urls[name] for name in PAGES if name != "checkout_dealer"]),
        **more,
    }


def step_url(name: str, membership: Membership, offer: Offer, plan: Plan | None, dealer: Dealer | None = None) -> str:
    chosen = ({"term": plan.term} if plan else {}) | ({"dealer": str(dealer.public_id)} if dealer else {})
    url = reverse(name, args=[membership.public_id, offer.package.code])
    return f"{url}?{urlencode(chosen)}" if chosen else url


def steps(*, step: int, urls: list[str] | None = None) -> list[dict[str, Any]]:
    """The dealer has no step of its own: it is optional, and stands on the summary."""
    labels = [_("Plan"), _("Address and card"), _("Summary"), _("Done")]
    return [
        {
            "label": label,
            "is_done": position < step,
            "is_current": position == step,
            "url": urls[position] if urls and position < step else "",
        }
        for position, label in enumerate(labels)
    ]
