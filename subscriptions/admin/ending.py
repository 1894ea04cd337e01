"""Ending a subscription for its customer (K3): the quote that they would see, a reason, and their action."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.pages import Button, Desk
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.actions.cancel import cancel, cancellation_quote
from subscriptions.actions.withdraw import withdraw, withdrawal_quote
from subscriptions.admin import words
from subscriptions.admin.forms import ConfirmedForm
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.models import Subscription
from subscriptions.rules.cancellation import Quote
from subscriptions.rules.leaving import Consequence
from subscriptions.rules.withdrawal import WithdrawalQuote

CHANGED = gettext_lazy("Something has changed since this page was made. Please look again.")
CANCEL = gettext_lazy("Cancel for the customer")
WITHDRAW = gettext_lazy("Withdraw for the customer")
Effect = list[tuple[str, Any]]


class EndsForCustomers(Desk):
    """Pages of a subscription: `cancellation` and `withdrawal`."""

    def ways_to_end(self, request: HttpRequest, row: Subscription) -> list[Button]:
        if not self.may_operate(request):
            return []
        found = [Button(label=CANCEL, url=self.url_of(row, "cancellation"))] if row.may_be_cancelled else []
        if may_withdraw(row):
            found.append(Button(label=WITHDRAW, url=self.url_of(row, "withdrawal")))
        return found

    def cancellation(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._end(
            request,
            object_id,
            quoted=cancellation_quote,
            act=cancel,
            effect=_cancelled,
            title=CANCEL,
            label=_("Cancel the subscription"),
            said=_("The subscription is cancelled. The customer gets the confirmation."),
        )

    def withdrawal(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """X5: under the rules that bind the customer (K6)."""
        return self._end(
            request,
            object_id,
            quoted=withdrawal_quote,
            act=withdraw,
            effect=_withdrawn,
            title=WITHDRAW,
            label=_("Withdraw from the contract"),
            said=_("The contract is withdrawn from. The customer gets the receipt."),
        )

    def _end(
        self,
        request: HttpRequest,
        object_id: int,
        *,
        quoted: Callable[..., Any],
        act: Callable[..., Any],
        effect: Callable[[Subscription, Any], Effect],
        title: Any,
        label: str,
        said: str,
    ) -> HttpResponse:
        """What is shown is what is done: whoever confirmed something else is shown it anew (X10)."""
        row: Subscription = self.row_to_operate_on(request, object_id)
        now = timezone.now()
        try:
            quote = quoted(row, now=now)
            form = ConfirmedForm(request.POST or None, initial={"shown": seal(quote)})
            if form.is_valid():
                if not is_what_was_shown(form.cleaned_data["shown"], quote):
                    raise Refusal("quote_changed", CHANGED)
                act(subscription=row, confirmed=quote, now=now, by=request.user, reason=form.cleaned_data["reason"])
                return self.done(request, row, said)
        except Refusal as refusal:
            if refusal.code != "quote_changed":
                return self.refused(request, row, refusal)
            messages.error(request, str(refusal.sentence))
            quote = quoted(row, now=now)
            form = ConfirmedForm(initial={"shown": seal(quote), "reason": form.cleaned_data["reason"]})
        return self.operation_page(request, row, title=title, effect=effect(row, quote), form=form, label=label)


def may_withdraw(row: Subscription) -> bool:
    try:
        withdrawal_quote(row, now=timezone.now())
    except Refusal:
        return False
    return True


def _cancelled(row: Subscription, quote: Quote) -> Effect:
    effect: Effect = [
        *_about(row, quote),
        (_("Why"), words.BASES[quote.basis]),
        *_effect_on_add_ons(quote.add_ons),
    ]
    if quote.refund:
        months = {"used": quote.months_used, "left": quote.months_left}
        effect.insert(5, (_("Months"), _("%(used)s used, %(left)s left") % months))
    return effect


def _withdrawn(row: Subscription, quote: WithdrawalQuote) -> Effect:
    right = _("is used up by this refund") if quote.refund else _("is not used up: nothing was paid")
    return [*_about(row, quote), (_("The right to withdraw"), right), *_effect_on_add_ons(quote.add_ons)]


def _about(row: Subscription, quote: Quote | WithdrawalQuote) -> Effect:
    return [
        (_("Customer"), row.account.email),
        (_("Subscription"), words.package(row)),
        (_("Car"), words.car(row)),
        (_("First day without service"), day_in_words(quote.ends_on)),
        (_("Refund"), words.amount(quote.refund, row.currency)),
    ]


def _effect_on_add_ons(add_ons: Sequence[Consequence]) -> Effect:
    """S12: what else ends with it."""
    quotes = {end.subscription: end.quote for end in add_ons}
    rows = Subscription.objects.filter(public_id__in=quotes).select_related("package").order_by("pk")
    return [
        (
            _("With it ends %(package)s") % {"package": words.package(row)},
            _("on %(day)s, refund %(amount)s")
            % {
                "day": day_in_words(quotes[row.public_id.hex].ends_on),
                "amount": words.amount(quotes[row.public_id.hex].refund, row.currency),
            },
        )
        for row in rows
    ]
