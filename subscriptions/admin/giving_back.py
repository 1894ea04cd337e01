"""Refunds by staff, on the payment’s page: given by one of finance, or proposed and confirmed by another (K3)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.desk.pages import Button, Desk, Panel
from portal.refusals import Refusal
from subscriptions.actions.giving_back import (
    GONE,
    check_confirmable,
    check_givable,
    confirm_giving_back,
    drop_giving_back,
    give_back,
    has_missed_month,
    is_for_two,
    month_of,
    waiting_for,
)
from subscriptions.admin import words
from subscriptions.admin.forms import ConfirmedForm, GiveBackForm, ToldForm
from subscriptions.models import GivingBack, Payment
from subscriptions.rules.giving_back import Kind
from subscriptions.rules.lifecycle import PaymentStatus

NOUNS = ("giving_back", "missed_month", "giving_back_confirmation", "giving_back_dropping")


class GivesBack(Desk):
    """What `PaymentAdmin` offers of it."""

    def give_back_buttons(self, request: HttpRequest, row: Payment) -> list[Button]:
        """Whoever proposed is offered no button that would be refused."""
        if row.status != PaymentStatus.SUCCEEDED or not self.may_operate(request):
            return []
        given = waiting_for(row, now=timezone.now())
        if given:
            confirming = Button(label=_("Confirm the refund"), url=self.url_of(row, "giving_back_confirmation"))
            dropping = Button(label=_("Drop the refund"), url=self.url_of(row, "giving_back_dropping"))
            return [dropping] if given.proposed_by_id == request.user.pk else [confirming, dropping]
        if not row.refundable or row.is_disputed:
            return []
        buttons = [Button(label=_("Refund a wrong charge"), url=self.url_of(row, "giving_back"))]
        if has_missed_month(row):
            buttons.append(Button(label=_("Grant the missed free month"), url=self.url_of(row, "missed_month")))
        return buttons

    def giving_back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asked for first, then shown with what it brings, and confirmed as shown (X10)."""
        row: Payment = self.row_to_operate_on(request, object_id)
        form = GiveBackForm(request.POST or None, most=row.refundable)
        amount = form.cleaned_data["amount"] if form.is_valid() else None
        return self._give(request, row, form, Kind.WRONG_CHARGE, amount, title=_("Refund a wrong charge"))

    def missed_month(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Payment = self.row_to_operate_on(request, object_id)
        form, amount = ToldForm(request.POST or None), month_of(row)
        form.initial["shown"] = str(amount)
        return self._give(request, row, form, Kind.MISSED_MONTH, amount, title=_("Grant the missed free month"))

    def _give(
        self, request: HttpRequest, row: Payment, form: ToldForm, kind: Kind, amount: Decimal | None, *, title: str
    ) -> HttpResponse:
        try:
            check_givable(row, kind=kind, amount=amount or row.refundable, by=request.user)  # type: ignore[arg-type]
            if amount is not None and form.is_valid() and form.cleaned_data.pop("shown") == str(amount):
                given = give_back(
                    payment=row,
                    kind=kind,
                    now=timezone.now(),
                    by=request.user,  # type: ignore[arg-type]
                    **{"amount": amount} | form.cleaned_data,
                )
                return self.done(request, row, _outcome(given))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        if amount is not None:
            form.show(str(amount))
        effect = [*_facts(row), *_effect(row, kind, amount)]
        label = title if amount is not None else _("Show what it brings")
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=label)

    def giving_back_confirmation(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The second person."""
        then = _("The refund is sent to the card, and the customer is told with the reason.")
        done = _("The refund is on its way.")
        return self._conclude(
            request, object_id, confirm_giving_back, title=_("Confirm the refund"), then=then, done=done
        )

    def giving_back_dropping(self, request: HttpRequest, object_id: int) -> HttpResponse:
        then = _("Nothing is refunded. It can be proposed anew.")
        done = _("The proposed refund is dropped.")
        return self._conclude(request, object_id, drop_giving_back, title=_("Drop the refund"), then=then, done=done)

    def _conclude(
        self, request: HttpRequest, object_id: int, action: Callable[..., object], *, title: str, then: str, done: str
    ) -> HttpResponse:
        """Of the proposal that was shown: one made in its place meanwhile is looked at first (X10)."""
        row: Payment = self.row_to_operate_on(request, object_id)
        now = timezone.now()
        given = waiting_for(row, now=now)
        form = ConfirmedForm(request.POST or None, initial={"shown": given.pk if given else ""})
        try:
            if given is None:
                raise Refusal("not_proposed", GONE)
            if action is confirm_giving_back:
                check_confirmable(given, now=now, by=request.user)  # type: ignore[arg-type]
            if form.is_valid() and form.cleaned_data["shown"] != str(given.pk):
                raise Refusal("not_proposed", GONE)
            if form.is_valid():
                action(given=given, reason=form.cleaned_data["reason"], now=now, by=request.user)
                return self.done(request, row, done)
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        effect = [*_facts(row), *_proposal(given, row), (_("Then"), then)]
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=title)


def given_back_panel(payment: Payment) -> Panel:
    zone = payment.subscription.market.zone
    rows = [
        [
            words.amount(given.amount, payment.currency),
            words.GIVEN_BACK[given.kind],
            given.told,
            f"{given.proposed_by}, {words.moment(given.proposed_at, zone)}",
            given.confirmed_by or ("" if given.needs_two else _("one person was enough")),
            _state(given),
        ]
        for given in payment.given_back.select_related("proposed_by", "confirmed_by").order_by("-pk")
    ]
    headings = [_("Amount"), _("Why"), _("Told to the customer"), _("By whom"), _("Confirmed"), _("State")]
    return Panel(title=_("Refunds by staff"), headings=headings, rows=rows)


def _state(given: GivingBack) -> str:
    if given.refund_id:
        return _("refunded")
    return _("waits for a second person") if given.is_waiting(timezone.now()) else _("dropped or expired")


def _outcome(given: GivingBack) -> str:
    if given.needs_two:
        return _("The refund is proposed. Somebody else has to confirm it.")
    return _("The refund is on its way. The customer is told with the reason.")


def _facts(row: Payment) -> list[tuple[str, Any]]:
    return [
        (_("Customer"), row.account.email),
        (_("Payment"), f"{words.amount(row.amount, row.currency)}, {words.package(row.subscription)}"),
        (_("Left of it"), words.amount(row.refundable, row.currency)),
        (_("To the card"), words.card(row.card)),
    ]


def _effect(row: Payment, kind: Kind, amount: Decimal | None) -> list[tuple[str, Any]]:
    limit = words.amount(row.subscription.market.refund_alone_up_to, row.currency)
    if amount is None:
        return [(_("Above this sum two persons"), limit)]
    then = _("It is sent to the card at once, and the customer is told with the reason.")
    if is_for_two(row, amount):
        then = _("Somebody else of finance has to confirm it, within seven days. Until then nothing is refunded.")
    effect = [(_("Refund"), words.amount(amount, row.currency)), (_("Above this sum two persons"), limit)]
    if kind is Kind.MISSED_MONTH:
        effect.append((_("Free month"), _("It counts as used: for this package and account there is no other.")))
    return [*effect, (_("Then"), then)]


def _proposal(given: GivingBack, row: Payment) -> list[tuple[str, Any]]:
    zone = row.subscription.market.zone
    return [
        (_("Refund"), words.amount(given.amount, row.currency)),
        (_("Why"), words.GIVEN_BACK[given.kind]),
        (_("Told to the customer"), given.told),
        (_("Proposed by"), f"{given.proposed_by}, {words.moment(given.proposed_at, zone)}"),
        (_("Good until"), words.moment(given.expires_at, zone)),
    ]
