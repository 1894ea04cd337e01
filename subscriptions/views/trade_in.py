"""A dealer states that it took the car in trade: what that ends, then yes or no, as shown (K1, X7, X10)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import account_of, member_required
from accounts.models import Account
from garage.models import TradeIn
from garage.naming import car_name
from portal.refusals import Refusal
from subscriptions.actions.sell import sale_removal
from subscriptions.actions.trade_in import confirm_trade_in, object_to_trade_in
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.words.presenting import present_consequences


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def trade_in(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    trade = _own_or_404(account, public_id)
    if not trade.is_open or trade.membership.ended_at:
        context = {"trade": trade, "car": car_name(trade.membership.vehicle, account)}
        return render(request, "subscriptions/trade_in_over.html", context)
    shown = sale_removal(trade.membership, now=now)
    answer = request.POST.get("answer", "")
    try:
        if answer == "object":
            object_to_trade_in(trade=trade, now=now, by=account)
            messages.success(request, _("The car stays in your garage. Your dealer sees that you object."))
            return redirect(request.path)
        if answer == "confirm" and is_what_was_shown(request.POST.get("shown", ""), shown):
            confirm_trade_in(trade=trade, confirmed=shown, now=now, by=account)
            messages.success(request, _("The car has left your garage."))
            return redirect(request.path)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect(request.path)
    context = {
        "trade": trade,
        "membership": trade.membership,
        "shown": shown,
        "ends": present_consequences(account, shown.removal.quote.ends),
        "currency": account.market.currency,
        "seal": seal(shown),
        "has_changed": answer == "confirm",
    }
    return render(request, "subscriptions/trade_in.html", context)


def _own_or_404(account: Account, public_id: UUID) -> TradeIn:
    rows = TradeIn.objects.filter(membership__account=account).select_related(
        "membership__account__market__brand", "membership__vehicle", "workshop__dealer", "sale"
    )
    return get_object_or_404(rows, public_id=public_id)
