"""Paying at once what was declined, with the way to the provider's page and back where the bank asks (P2, P8)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import account_of, member_required
from portal.refusals import Refusal
from subscriptions.access import cards_of, subscription_or_404
from subscriptions.actions.pay_now import card_to_pay_with, finish_paying, pay_now
from subscriptions.gateway import get_gateway
from subscriptions.gateway.port import Charged, ChargeOutcome, Declined, NeedsAuthentication
from subscriptions.models import Subscription
from subscriptions.ways_back import after_payment
from subscriptions.words import presenting
from subscriptions.words.reasons import decline_sentence


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def payment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Shows amount and card, then charges just that, once however often it is sent."""
    row = subscription_or_404(account_of(request), public_id)
    try:
        card = card_to_pay_with(row)
        if request.method == "POST":
            return _pay(request, row)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("subscription", public_id)
    return render(request, "subscriptions/payment.html", {"shown": presenting.present(row), "card": card})


def _pay(request: HttpRequest, row: Subscription) -> HttpResponse:
    account = account_of(request)
    # A card that is not the customer's, or no longer in the wallet, is none that was shown.
    shown = next((card for card in cards_of(account) if str(card.public_id) == request.POST.get("card")), None)
    if shown is None:
        return redirect("payment", row.public_id)
    outcome = pay_now(
        subscription=row,
        card=shown,
        return_url=after_payment(row),
        now=timezone.now(),
        by=account,
        gateway=get_gateway(),
    )
    if isinstance(outcome, NeedsAuthentication) and outcome.url:
        return redirect(outcome.url)
    _say(request, outcome)
    return redirect("subscription", row.public_id)


@require_safe
@member_required
def payment_return(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where the provider sends the customer back to. Asking it what happened changes nothing the second time."""
    row = subscription_or_404(account_of(request), public_id)
    outcome = finish_paying(subscription=row, now=timezone.now(), gateway=get_gateway())
    if outcome is not None:
        _say(request, outcome)
    return redirect("subscription", public_id)


def _say(request: HttpRequest, outcome: ChargeOutcome | None) -> None:
    match outcome:
        case Charged():
            messages.success(request, _("Thank you, the payment is made. Your invoice is on its way by e-mail."))
        case Declined(reason=reason):
            messages.error(request, str(decline_sentence(reason)))
        case NeedsAuthentication():
            messages.info(request, str(decline_sentence("needs_authentication")))
        case None:
            messages.info(request, _("There is no answer from the payment provider. Nothing is charged twice."))
