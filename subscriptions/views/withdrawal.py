"""The withdrawal function: which contracts can be withdrawn from, and doing so in two steps (X5, X9).

It stays reachable for those who have not accepted new Terms (A2), and signed out: by contract number and e-mail.
"""

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import account_of, signed_in_required
from portal.refusals import Refusal
from subscriptions.access import subscription_in_full_or_404, subscriptions_of
from subscriptions.actions.statement import state_withdrawal
from subscriptions.actions.withdraw import withdraw as withdraw_from
from subscriptions.actions.withdraw import withdrawable, withdrawal_quote
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.forms.customers import WithdrawalStatementForm
from subscriptions.rules.lifecycle import CONCLUDED
from subscriptions.statement_limit import take_turn
from subscriptions.words import presenting


@require_safe
@never_cache
def withdrawal(request: HttpRequest) -> HttpResponse:
    """Where the footer of every page leads: a customer's own contracts, or the way without signing in."""
    if not request.user.is_authenticated:
        return redirect("withdrawal_statement")
    now = timezone.now()
    account = account_of(request)
    running = subscriptions_of(account).filter(status__in=sorted(CONCLUDED), plan__isnull=False)
    rows = [presenting.present(row) for row in withdrawable(running.select_related("contract"), account, now=now)]
    return render(request, "subscriptions/withdrawal.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    row = subscription_in_full_or_404(account, public_id)
    try:
        quote = withdrawal_quote(row, now=now)
        if request.method == "POST" and is_what_was_shown(request.POST.get("shown", ""), quote):
            withdraw_from(subscription=row, confirmed=quote, now=now, by=account)
            messages.success(request, _("You have withdrawn from the contract. The receipt is on its way by e-mail."))
            return redirect("subscription", public_id)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("subscription", public_id)
    context = {"shown": presenting.present(row), "quote": quote, "seal": seal(quote)}
    context["has_changed"] = request.method == "POST"
    context["ends"] = presenting.present_consequences(account, quote.add_ons)
    return render(request, "subscriptions/withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def statement(request: HttpRequest) -> HttpResponse:
    """Without signing in, in two steps. The answer is the same whether or not number and address belong together."""
    form = WithdrawalStatementForm(request.POST or None)
    if not form.is_valid() or "change" in request.POST:
        return render(request, "subscriptions/statement.html", {"form": form})
    typed, now = form.cleaned_data, timezone.now()
    if "confirmed" not in request.POST:
        return render(request, "subscriptions/statement_confirmation.html", {"typed": typed})
    address = get_adapter(request).get_client_ip(request)
    if not take_turn(address=address, contract_number=typed["contract_number"], now=now):
        form.add_error(None, _("Too many statements have come from here within an hour. Please try again later."))
        return render(request, "subscriptions/statement.html", {"form": form}, status=429)
    state_withdrawal(**typed, now=now)
    return redirect("withdrawal_received")


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    return render(request, "subscriptions/statement_received.html")
