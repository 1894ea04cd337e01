"""Checkout in four steps: plan, address and card, summary, done. Each step can be reached again by its address (S2)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import accepted_terms_required, account_of, member_required
from accounts.forms.billing import BillingProfileForm
from accounts.models import Account, BillingProfile
from garage.context import shown_link_with
from garage.models import Membership
from portal.money import split_gross
from portal.refusals import Refusal
from subscriptions.access import cards_of, refused_order, subscription_in_full_or_404, subscription_or_404
from subscriptions.actions.end import has_used_right
from subscriptions.actions.pay_now import finish_paying, page_to_confirm
from subscriptions.actions.subscribe import check_not_abandoned, subscribe
from subscriptions.centre.ordering import Proposal, card_problem, order_text, outcomes_of, propose
from subscriptions.centre.packages import Offer
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.forms.customers import WhatIfForm
from subscriptions.gateway import get_gateway
from subscriptions.gateway.port import NeedsAuthentication
from subscriptions.models import PaymentCard, Subscription
from subscriptions.rules.lifecycle import Status
from subscriptions.vat import treatment_for
from subscriptions.views.checkout_steps import (
    asked_for,
    chosen_dealer,
    chosen_plan,
    context_of,
    may_order,
    not_orderable,
    step_url,
    steps,
    today_of,
)
from subscriptions.ways_back import after_order
from subscriptions.words import presenting

# In which an order stands that nothing has happened to since.
JUST_ORDERED = frozenset({Status.PENDING, Status.SCHEDULED, Status.TRIAL, Status.PAID})


@require_safe
@accepted_terms_required
def plan(request: HttpRequest, membership_id: UUID, package_code: str) -> HttpResponse:
    membership, offer = asked_for(request, membership_id, package_code)
    if not may_order(membership, offer):
        return not_orderable(request, membership, offer)
    dealer = chosen_dealer(request, membership.account)
    context = context_of(membership, offer, step=0, dealer=dealer, plans=offer.plans)
    return render(request, "subscriptions/checkout_plan.html", context)


@require_safe
@accepted_terms_required
def payment(request: HttpRequest, membership_id: UUID, package_code: str) -> HttpResponse:
    """Billing address and card; the card itself is entered on the provider's own page."""
    membership, offer = asked_for(request, membership_id, package_code)
    chosen = chosen_plan(request, offer)
    if not may_order(membership, offer) or chosen is None:
        return not_orderable(request, membership, offer)
    account = account_of(request)
    profile, cards = BillingProfile.objects.filter(account=account).first(), list(cards_of(account))
    context = context_of(membership, offer, step=1, plan=chosen, dealer=chosen_dealer(request, account))
    context |= {"profile": profile, "cards": cards} | presenting.card_facts(account.market)
    context["card_problem"] = card_problem(next(iter(cards), None), today=today_of(membership))
    if profile is None:
        context["form"] = BillingProfileForm(account=account)
    return render(request, "subscriptions/checkout_payment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@accepted_terms_required
def summary(request: HttpRequest, membership_id: UUID, package_code: str) -> HttpResponse:
    """Everything that is agreed, then the order; sent twice, it orders once."""
    membership, offer = asked_for(request, membership_id, package_code)
    chosen = chosen_plan(request, offer)
    ordered_before = _ordered_before(request)
    if ordered_before:
        return _on_from(ordered_before)
    if not may_order(membership, offer) or chosen is None:
        return not_orderable(request, membership, offer)
    dealer = chosen_dealer(request, membership.account)
    payer = _payer_of(membership.account)
    if card_problem(payer.card, today=today_of(membership)) or payer.profile is None:
        return redirect(step_url("checkout_payment", membership, offer, chosen, dealer))
    proposal = propose(chosen, offer, dealer, today=today_of(membership))
    if request.method == "POST" and is_what_was_shown(request.POST.get("shown", ""), proposal):
        return _order(request, membership, offer, proposal)
    return _show_summary(request, membership, offer, proposal, payer)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def order_return(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Back from the bank: asks what was answered there. By the button of a waiting order, the way there again."""
    account = account_of(request)
    if refused_order(account, public_id) is None:
        row = subscription_or_404(account, public_id)
        outcome = finish_paying(subscription=row, now=timezone.now(), gateway=get_gateway())
        if request.method == "POST" and isinstance(outcome, NeedsAuthentication) and outcome.url:
            return redirect(outcome.url)
    return redirect("ordered", public_id)


@require_safe
@member_required
def ordered(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What came of the order. Its address is kept and looked at again: it never says more than still holds."""
    account = account_of(request)
    if refused := refused_order(account, public_id):
        return _nothing_came_of_it(request, refused)
    row = subscription_in_full_or_404(account, public_id)
    if row.is_ending or row.status not in JUST_ORDERED:
        return redirect("subscription", public_id)
    context = {
        "shown": presenting.present(row),
        "contract": getattr(row, "contract", None),
        "car": shown_link_with(request, row.vehicle_id),
        "steps": steps(step=3),
    }
    return render(request, "subscriptions/ordered.html", context)


def _nothing_came_of_it(request: HttpRequest, order: Subscription) -> HttpResponse:
    """S11: the answer to its first charge came late, and it was no."""
    messages.error(request, _("Nothing was activated and nothing is owed."))
    try:
        check_not_abandoned(order)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("services_of_selected")


def _ordered_before(request: HttpRequest) -> Subscription | None:
    """The same form sent again leads to what it ordered the first time."""
    key = _order_key(request)
    if key is None:
        return None
    own = Subscription.objects.filter(account=account_of(request), order_key=key)
    return own.exclude(status="abandoned").first()


def _order_key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("order_key", ""))
    except ValueError:
        return None


def _order(request: HttpRequest, membership: Membership, offer: Offer, proposal: Proposal) -> HttpResponse:
    account = account_of(request)
    try:
        subscription = subscribe(
            account=account,
            vehicle=membership.vehicle,
            plan=proposal.plan,
            order_key=_order_key(request) or uuid4(),
            order_text=order_text(offer, proposal, currency=account.market.currency),
            now=timezone.now(),
            by=account,
            gateway=get_gateway(),
            return_url_of=after_order,
            first_charge_on=proposal.first_charge_on,
            referred_dealer=proposal.referred_dealer,
        )
    except Refusal as refusal:
        if refusal.code == "quote_changed":
            messages.info(request, str(refusal))
            return redirect(step_url("checkout_summary", membership, offer, proposal.plan, proposal.referred_dealer))
        return _show_summary(request, membership, offer, proposal, _payer_of(account), refusal=refusal)
    return _on_from(subscription)


def _on_from(order: Subscription) -> HttpResponse:
    """To the bank, where it asks for the customer (P8); else to what came of the order."""
    asked_at = page_to_confirm(subscription=order, now=timezone.now(), gateway=get_gateway())
    return redirect(asked_at) if asked_at else redirect("ordered", order.public_id)


@dataclass(frozen=True, kw_only=True)
class _Payer:
    """The card that would be charged, and whom the invoice would name."""

    card: PaymentCard | None
    profile: BillingProfile | None


def _payer_of(account: Account) -> _Payer:
    profile = BillingProfile.objects.filter(account=account).first()
    return _Payer(card=cards_of(account).first(), profile=profile)


def _show_summary(
    request: HttpRequest,
    membership: Membership,
    offer: Offer,
    proposal: Proposal,
    payer: _Payer,
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    account, used = account_of(request), has_used_right(membership.account)
    treatment = treatment_for(account, card=payer.card, profile=payer.profile, on=today_of(membership))
    dealer = proposal.referred_dealer
    context = context_of(membership, offer, step=2, plan=proposal.plan, dealer=dealer, proposal=proposal)
    context |= {
        "profile": payer.profile,
        "card": payer.card,
        "vat": split_gross(proposal.price, treatment.rate),
        "vat_rate": treatment.rate,
        "refusal": refusal,
        "has_used_right": used,
        "order_text": order_text(offer, proposal, currency=account.market.currency),
        "has_changed": request.method == "POST" and refusal is None,
        "has_unknown_dealer": dealer is None and bool(request.GET.get("dealer")),
        **_what_if(request, offer, proposal, has_used_right=used),
        "seal": seal(proposal),
        # A new key for a new try: the one that was refused stays with the order that it made.
        "order_key": uuid4(),
    }
    return render(request, "subscriptions/checkout_summary.html", context)


def _what_if(request: HttpRequest, offer: Offer, proposal: Proposal, *, has_used_right: bool) -> dict[str, Any]:
    """S13: what a day that is asked about by GET would bring, else three sample days."""
    today = offer.market.local_date(timezone.now())
    form = WhatIfForm({"day": request.GET["day"]} if "day" in request.GET else None, today=today)
    day = form.cleaned_data["day"] if form.is_valid() else None
    outcomes = outcomes_of(offer, proposal, has_used_right=has_used_right, today=today, day=day)
    return {"what_if_form": form, "outcomes": outcomes}
