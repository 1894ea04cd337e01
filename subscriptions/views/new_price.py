"""A new price that is offered: both prices, what happens without an answer, and the answer (S10)."""

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import account_of, member_required
from portal.money import split_gross
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.access import subscription_or_404
from subscriptions.actions.price_answer import NewPrice, accept_price, decline_price, offer_to_answer, shown
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.models import Subscription
from subscriptions.rules.pricing import per_month
from subscriptions.words import presenting
from subscriptions.words.prices import order_text


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def new_price(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Shows the offer, then takes just that answer (X10)."""
    row = subscription_or_404(account_of(request), public_id)
    try:
        offer = offer_to_answer(row, now=timezone.now())
        if request.method == "POST" and is_what_was_shown(request.POST.get("shown", ""), shown(offer)):
            return _answer(request, row, shown(offer))
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("subscription", public_id)
    context = {
        "shown": presenting.present(row),
        "offer": offer,
        "months": row.term_months,
        "old_per_month": _per_month(row, offer.old_price),
        "new_per_month": _per_month(row, offer.price),
        "vat": split_gross(offer.price, offer.vat_rate),
        "order_text": order_text(row, offer),
        "seal": seal(shown(offer)),
        "has_changed": request.method == "POST",
    }
    return render(request, "subscriptions/new_price.html", context)


def _answer(request: HttpRequest, row: Subscription, confirmed: NewPrice) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    if request.POST.get("answer") == "decline":
        offer = decline_price(subscription=row, now=now, by=account)
        words = _("You have not accepted the new price: it ends on %(day)s. Until then you can still accept it.")
        messages.success(request, words % {"day": day_in_words(offer.charge_on)})
        return redirect("subscription", row.public_id)
    words = order_text(row, offer_to_answer(row, now=now))
    accept_price(subscription=row, confirmed=confirmed, order_text=words, now=now, by=account)
    messages.success(request, _("The new price is agreed. The confirmation is on its way by e-mail."))
    return redirect("contract", row.public_id)


def _per_month(row: Subscription, price: Decimal) -> Decimal:
    return per_month(price, term_months=row.term_months)
