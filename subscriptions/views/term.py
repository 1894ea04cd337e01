"""Changing the term in one guided flow: choose, see both sides, confirm; then the order, at once or on its day (S8)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import account_of, member_required
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.access import subscription_or_404
from subscriptions.actions.change_term import change_term, checkout_path, term_change, terms_to_change_to
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.models import Plan, Subscription
from subscriptions.rules.term_change import TermChange
from subscriptions.words import presenting


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def term(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Without a term in the address it asks for one; with one it shows both sides, then does just that (X10)."""
    row = subscription_or_404(account_of(request), public_id)
    plans = terms_to_change_to(row)
    if not plans:
        messages.info(request, _("There is no other term to change to."))
        return redirect("subscription", public_id)
    chosen = next((plan for plan in plans if plan.term == request.GET.get("term")), None)
    if chosen is None:
        return render(request, "subscriptions/term.html", {"shown": presenting.present(row), "plans": plans})
    try:
        change = term_change(row, chosen, now=timezone.now())
        if request.method == "POST" and is_what_was_shown(request.POST.get("shown", ""), change):
            return _change(request, row, chosen, change)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("subscription", public_id)
    return render(request, "subscriptions/term_confirmation.html", _context(request, row, chosen, change))


def _context(request: HttpRequest, row: Subscription, chosen: Plan, change: TermChange) -> dict[str, object]:
    return {
        "shown": presenting.present(row),
        "plan": chosen,
        "change": change,
        "is_at_once": change.is_at_once(row.market.local_date(timezone.now())),
        "ends": presenting.present_consequences(account_of(request), change.end.add_ons if change.end else ()),
        "seal": seal(change),
        "has_changed": request.method == "POST",
    }


def _change(request: HttpRequest, row: Subscription, chosen: Plan, confirmed: TermChange) -> HttpResponse:
    account, now = account_of(request), timezone.now()
    planned = change_term(subscription=row, plan=chosen, confirmed=confirmed, now=now, by=account)
    path = checkout_path(row, chosen) if planned is None else ""
    if path:
        messages.success(request, _("The term before has ended. Please look through the order of the new one."))
        return redirect(path)
    words = _("Done. From %(day)s on you can order the new term; we send you a message on that day.")
    messages.success(request, words % {"day": day_in_words(confirmed.begins_on)})
    return redirect("subscription", row.public_id)
