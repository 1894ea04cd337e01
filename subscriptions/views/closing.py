"""Closing the account: each consequence with its date and refund, then just that (A6, X7, X10)."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import account_of, signed_in_required
from garage.access import current_memberships, ordered_vehicles
from garage.rules.orders import Stage
from portal.public_pages import public_page
from portal.refusals import Refusal
from subscriptions.access import cards_of
from subscriptions.actions import closing
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.words.presenting import present_consequences


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
@reauthentication_required
def account_closing(request: HttpRequest) -> HttpResponse:
    """Reachable before new Terms are accepted: whoever does not want them may leave."""
    account, now = account_of(request), timezone.now()
    quote = closing.closing_quote(account, now=now)
    if request.method == "POST" and is_what_was_shown(request.POST.get("shown", ""), quote):
        try:
            closing.close(account=account, confirmed=quote, now=now, by=account)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect("account_closing")
        logout(request)
        return redirect("account_closed")
    ends = present_consequences(account, quote.ends)
    context = {
        "account": account,
        "quote": quote,
        "ends": ends,
        # X7: offered first, to be cancelled and kept to the end of what is paid.
        "may_wait": [end for end in ends if end.shown.row.may_run_out],
        "cars": current_memberships(account),
        "orders": [order for order in ordered_vehicles(account) if order.stage != Stage.CANCELLED],
        "cards": cards_of(account),
        "open_payments": closing.open_payments_of(account),
        "open_refunds": closing.open_refunds_of(account),
        "open_disputes": closing.open_disputes_of(account),
        "currency": account.market.currency,
        "years": account.market.document_years,
        "seal": seal(quote),
        "has_changed": request.method == "POST",
    }
    return render(request, "subscriptions/account_closing.html", context)


@require_safe
@public_page
def account_closed(request: HttpRequest) -> HttpResponse:
    """Where closing leads; it says the same to everybody."""
    return render(request, "subscriptions/account_closed.html")
