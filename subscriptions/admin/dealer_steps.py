"""What a dealer does at a customer's car, each with what it brings, to the cent, before it is done (K1, X7, X10)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from garage.models import DealerAccess, Membership
from portal.desk.pages import Words
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.actions import dealer
from subscriptions.actions.cancel import cancellation_quote
from subscriptions.actions.leave import removal_quote
from subscriptions.actions.sell import SaleRemoval, sale_removal
from subscriptions.admin import words
from subscriptions.admin.dealer_forms import CancelForm, HandOverForm, ReleaseForm, SubjectForm, TakerForm
from subscriptions.admin.forms import DecisionForm
from subscriptions.centre.packages import offers_for
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.models import Subscription
from subscriptions.removing import Removal
from subscriptions.rules.leaving import RemovalQuote

Act = Callable[[datetime, Any], str]
Effect = Sequence[tuple[Words, Any]]


class Steps:
    """Pages of a `DealerAccess` whose identity was checked; mixed into its `Desk`."""

    row_to_operate_on: Callable[[HttpRequest, int], DealerAccess]
    operation_page: Callable[..., HttpResponse]

    def activation(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row = self.row_to_operate_on(request, object_id)
        link = row.membership
        offers = offers_for(link, today=link.account.market.local_date(timezone.now()))
        free = {one.package.code: one for one in offers if one.is_included}
        form = SubjectForm(request.POST or None, subjects=[(code, one.package.name) for code, one in free.items()])

        def act(now: datetime, by: Any) -> str:
            package = free[form.cleaned_data["subject"]].package
            dealer.activate_at_dealer(access=row, package=package, now=now, by=by)
            return _("%(package)s is active now.") % {"package": package.name}

        effect = [
            (_("Free until"), ", ".join(_free_until(one) for one in free.values()) or _("nothing is free now")),
            (_("Then"), _("by the Terms that the customer has accepted; the customer is told")),
        ]
        return self.step(request, row, form, act, title=_("Activate free services"), effect=effect)

    def cancellation(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row = self.row_to_operate_on(request, object_id)
        running = {one.public_id.hex: one for one in _cancellable(row)}
        chosen = running.get(request.POST.get("subject", ""))
        if chosen is None:
            names = [(name, words.package(one)) for name, one in running.items()]
            return self._choose(request, row, SubjectForm(subjects=names), title=_("Cancel a subscription"))
        quote = cancellation_quote(chosen, now=timezone.now())
        form = _confirming(CancelForm, request, quote, subject=chosen.public_id.hex)

        def act(now: datetime, by: Any) -> str:
            reason = form.cleaned_data["reason"]
            dealer.cancel_at_dealer(access=row, subscription=chosen, confirmed=quote, reason=reason, now=now, by=by)
            return _("The subscription is cancelled. The customer gets the confirmation.")

        effect = [
            (_("Subscription"), words.package(chosen)),
            (_("First day without service"), day_in_words(quote.ends_on)),
            (_("Refund"), words.amount(quote.refund, chosen.currency)),
            (_("Why"), words.BASES[quote.basis]),
            *_ends(RemovalQuote(ends=quote.add_ons)),
        ]
        return self.step(request, row, form, act, title=_("Cancel a subscription"), effect=effect)

    def release(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row = self.row_to_operate_on(request, object_id)
        shown = _removal(row, now=timezone.now())
        form = _confirming(ReleaseForm, request, shown)

        def act(now: datetime, by: Any) -> str:
            facts = {name: form.cleaned_data[name] for name in ("is_screen_cleared", "reason")}
            dealer.release_at_dealer(access=row, confirmed=shown, now=now, by=by, **facts)
            return _("The car has left the customer’s garage. The customer is told.")

        effect = [*_removed(row, shown), (_("Then"), _("nobody has the car; the certificate is the customer’s"))]
        return self.step(request, row, form, act, title=_("Release the car"), effect=effect)

    def handover(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row = self.row_to_operate_on(request, object_id)
        title, typed = _("Hand control over"), TakerForm(request.POST or None)
        if not typed.is_valid():
            return self._choose(request, row, typed, title=title)
        email = typed.cleaned_data["email"]
        try:
            dealer.taker_of(row, email)
        except Refusal as refusal:
            typed.add_error("email", str(refusal))
            return self._choose(request, row, typed, title=title)
        quote = removal_quote(row.membership, now=timezone.now())
        form = _confirming(HandOverForm, request, quote, email=email)

        def act(now: datetime, by: Any) -> str:
            reason = form.cleaned_data["reason"]
            dealer.hand_over_at_dealer(access=row, email=email, confirmed=quote, reason=reason, now=now, by=by)
            return _("The other account has control now. Both are told.")

        effect = [(_("Control goes to"), email), *_ends(quote), *_refund(row, quote)]
        return self.step(request, row, form, act, title=title, effect=effect)

    def decision(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The other account is not named: the dealer knows the one that showed the code (law 11)."""
        row = self.row_to_operate_on(request, object_id)
        active = Membership.objects.current().filter(vehicle=row.membership.vehicle_id, is_active=True)
        giving = active.select_related("account__market", "vehicle").first()
        quote = removal_quote(giving, now=timezone.now()) if giving else RemovalQuote()
        form = _confirming(DecisionForm, request, quote)

        def act(now: datetime, by: Any) -> str:
            moves, reason = form.cleaned_data["outcome"] == "moves", form.cleaned_data["reason"]
            dealer.decide_at_dealer(access=row, moves=moves, confirmed=quote, reason=reason, now=now, by=by)
            return _("It is decided. Both accounts are told.")

        asks = _("the customer who is here") if not row.membership.is_active else _("another account")
        effect = [(_("Asks for control"), asks), *_ends(quote), *_refund(row, quote)]
        return self.step(request, row, form, act, title=_("Decide who has control"), effect=effect)

    # What they share

    def step(
        self, request: HttpRequest, row: DealerAccess, form: forms.Form, act: Act, *, title: str, effect: Effect
    ) -> HttpResponse:
        try:
            if form.is_valid():
                messages.success(request, act(timezone.now(), request.user))
                return self._back(row)
        except Refusal as refusal:
            if refusal.code == "access_over":
                raise PermissionDenied from refusal
            form.add_error(None, str(refusal))
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=title)

    def bare(self, request: HttpRequest) -> forms.Form:
        """Nothing to type: pressing is all."""
        return forms.Form(request.POST if request.method == "POST" else None)

    def _choose(self, request: HttpRequest, row: DealerAccess, form: forms.Form, *, title: str) -> HttpResponse:
        effect = [(_("Then"), _("you see what it brings, before it is done"))]
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=_("Go on"))

    def _back(self, row: DealerAccess) -> HttpResponse:
        """To the car, unless it has left."""
        if DealerAccess.objects.filter(pk=row.pk, membership__ended_at__isnull=True).exists():
            return redirect("admin:garage_dealeraccess_change", row.pk)
        return redirect("admin:garage_dealeraccess_changelist")


def _confirming(form: type[Any], request: HttpRequest, shown: Any, **initial: str) -> Any:
    """Bound to what was typed if it confirms what is true now; else shown anew, with what was typed kept (X10)."""
    initial["shown"] = seal(shown)
    sealed = request.POST.get("shown", "")
    if not sealed:
        return form(initial=initial)
    if is_what_was_shown(sealed, shown):
        return form(request.POST)
    messages.error(request, _("Something has changed. Please look again."))
    return form(initial=request.POST.dict() | initial)


def _cancellable(row: DealerAccess) -> list[Subscription]:
    link = row.membership
    running = Subscription.objects.live().filter(account=link.account_id, vehicle=link.vehicle_id)
    rows = running.select_related("package", "plan", "market", "account").order_by("pk")
    return [one for one in rows if one.may_be_cancelled]


def _removal(row: DealerAccess, *, now: datetime) -> SaleRemoval | Removal:
    """Of the account in control it is a sale, which cuts others off; of another link the link alone."""
    shown = sale_removal(row.membership, now=now)
    return shown if row.membership.is_active else shown.removal


def _removed(row: DealerAccess, shown: SaleRemoval | Removal) -> list[tuple[Words, Any]]:
    removal = shown.removal if isinstance(shown, SaleRemoval) else shown
    counted = [
        (_("Drivers who lose access"), removal.drivers),
        (_("Other accounts that are cut off"), shown.others if isinstance(shown, SaleRemoval) else 0),
        (_("Companies that read no more"), removal.companies),
        (_("Bookings that are cancelled"), removal.bookings),
    ]
    return [*_ends(removal.quote), *_refund(row, removal.quote), *((label, n) for label, n in counted if n)]


def _refund(row: DealerAccess, quote: RemovalQuote) -> list[tuple[Words, Any]]:
    return [(_("Refund in all"), words.amount(quote.refund, row.membership.account.market.currency))]


def _ends(quote: RemovalQuote) -> list[tuple[Words, Any]]:
    quotes = {end.subscription: end.quote for end in quote.ends}
    rows = Subscription.objects.filter(public_id__in=quotes).select_related("package").order_by("pk")
    return [
        (
            _("Ends: %(package)s") % {"package": words.package(one)},
            _("on %(day)s, refund %(amount)s")
            % {
                "day": day_in_words(quotes[one.public_id.hex].ends_on),
                "amount": words.amount(quotes[one.public_id.hex].refund, one.currency),
            },
        )
        for one in rows
    ]


def _free_until(offer: Any) -> str:
    return f"{offer.package.name}: {day_in_words(offer.free_period.end_on)}"
