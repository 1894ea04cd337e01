"""The wallet: cards, the primary one, adding one on the provider's page, removing one (W1 to W5)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import account_of, member_required, safe_next
from portal.refusals import Refusal
from subscriptions.access import card_or_404, card_setup_or_404, cards_of, documents_of
from subscriptions.actions import wallet as wallet_actions
from subscriptions.gateway import get_gateway
from subscriptions.ways_back import after_card
from subscriptions.words import presenting

LATEST = 5


@require_safe
@member_required
def wallet(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    return render(
        request,
        "subscriptions/wallet.html",
        {
            "cards": cards_of(account),
            "documents": documents_of(account)[:LATEST],
            **presenting.card_facts(account.market),
        },
    )


@require_POST
@member_required
def add_card(request: HttpRequest) -> HttpResponse:
    """A full redirect to the provider's own page; the number never comes near this site (W1)."""
    next_path = safe_next(request, "wallet")
    try:
        _setup, url = wallet_actions.begin_adding_card(
            account=account_of(request),
            next_path=next_path,
            return_url=after_card,
            gateway=get_gateway(),
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        if refusal.code == "no_billing_address":
            return redirect(f"{reverse('billing_profile')}?next={next_path}")
        return redirect(next_path)
    return redirect(url)


@require_safe
@member_required
def card_return(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where the provider sends the customer back to. Asking it what happened changes nothing the second time."""
    account = account_of(request)
    setup = card_setup_or_404(account, public_id)
    try:
        card = wallet_actions.finish_adding_card(setup=setup, gateway=get_gateway(), now=timezone.now(), by=account)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your card ending in %(last4)s was added.") % {"last4": card.last4})
    return redirect(setup.next_path)


@require_POST
@member_required
def primary_card(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    card = card_or_404(account, public_id)
    try:
        wallet_actions.make_primary(card=card, now=timezone.now(), by=account)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("The card ending in %(last4)s is charged from now on.") % {"last4": card.last4})
    return redirect(safe_next(request, "wallet"))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def card_removal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account = account_of(request)
    card = card_or_404(account, public_id)
    if request.method != "POST":
        others = [other for other in cards_of(account) if other.pk != card.pk]
        context = {"card": card, "others": others, "may_leave": wallet_actions.may_leave(card)}
        return render(request, "subscriptions/card_removal.html", context)
    try:
        promoted = wallet_actions.remove_card(card=card, now=timezone.now(), by=account)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The card ending in %(last4)s was removed.") % {"last4": card.last4})
        if promoted:
            sentence = _("The card ending in %(last4)s is your primary card now.")
            messages.info(request, sentence % {"last4": promoted.last4})
    return redirect("wallet")
