"""The withdrawal function: which contracts can be withdrawn from, and doing so in two steps (X5, X9).

It stays reachable for those who have not accepted new Terms (A2).
"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import account_of
from portal.refusals import Refusal
from subscriptions import presenting
from subscriptions.access import subscription_or_404, subscriptions_of
from subscriptions.actions.withdraw import withdraw as withdraw_from
from subscriptions.actions.withdraw import withdrawal_quote
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.rules.lifecycle import IN_SERVICE
from subscriptions.views.subscription import may_withdraw


@require_safe
@login_required
@never_cache
def withdrawal(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    running = subscriptions_of(account_of(request)).filter(status__in=sorted(IN_SERVICE), plan__isnull=False)
    rows = [presenting.present(row) for row in running if may_withdraw(row, now=now)]
    return render(request, "subscriptions/withdrawal.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    row = subscription_or_404(account, public_id)
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
