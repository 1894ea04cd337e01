"""Refunds: every promise and what became of it; a rejected one is repeated, or settled by bank transfer (X6)."""

from collections.abc import Callable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.pages import Button, Desk, Panel, StateFilter
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.actions.again import REPEATED, check_repeatable, repeat_refund, times_done
from subscriptions.actions.transfer import (
    check_confirmable,
    check_transferable,
    confirm_transfer,
    drop_transfer,
    propose_transfer,
    standing_transfer,
)
from subscriptions.admin import panels, words
from subscriptions.admin.forms import ConfirmedForm, RepeatForm, TransferForm
from subscriptions.models import Document, Refund
from subscriptions.words.reasons import refund_rejection


class RefundState(StateFilter):
    words = words.REFUND_STATES


@admin.register(Refund)
class RefundAdmin(Desk):
    list_display = ("promised", "customer", "sum", "card_name", "state", "expected_on")
    list_filter = (RefundState, "payment__subscription__market")
    list_select_related = ("account__market", "payment__card", "payment__subscription__package")
    search_fields = ("account", "credit_note__number", "payment__card__last4", "refund_ref")
    search_help_text = gettext_lazy("E-mail, name, credit note number, last four digits, the provider’s reference")
    ordering = ("-pk",)
    fields = ("state", "sum", "customer", "card_name", "payment_link", "months", "promised", "expected_on", "settled")
    nouns = ("repetition", "transfer", "transfer_confirmation", "transfer_dropping")

    def name_of(self, row: Refund) -> str:
        return f"{self.sum(row)}, {words.package(row.payment.subscription)}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Refund]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=gettext_lazy("promised"), ordering="promised_at")
    def promised(self, row: Refund) -> str:
        return words.moment(row.promised_at, row.account.market.zone)

    @admin.display(description=gettext_lazy("settled"))
    def settled(self, row: Refund) -> str:
        return words.moment(row.settled_at, row.account.market.zone)

    @admin.display(description=gettext_lazy("customer"), ordering="account__email")
    def customer(self, row: Refund) -> str:
        return words.link(row.account, row.account.email)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum(self, row: Refund) -> str:
        return words.amount(row.amount, row.currency)

    @admin.display(description=gettext_lazy("to the card"))
    def card_name(self, row: Refund) -> str:
        return words.link(row.payment.card, words.card(row.payment.card))

    @admin.display(description=gettext_lazy("payment"))
    def payment_link(self, row: Refund) -> str:
        paid = words.amount(row.payment.amount, row.payment.currency)
        return words.link(row.payment, f"{paid}, {words.package(row.payment.subscription)}")

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, row: Refund) -> str:
        outcome = str(words.REFUND_STATES[row.status])
        if row.is_by_transfer:
            return _("%(outcome)s by bank transfer, reference %(reference)s") % {
                "outcome": outcome,
                "reference": row.refund_ref,
            }
        return f"{outcome}. {refund_rejection(row.reason)}" if row.is_rejected else outcome

    @admin.display(description=gettext_lazy("months"))
    def months(self, row: Refund) -> str:
        if row.basis in words.GIVEN_BACK:
            return str(words.GIVEN_BACK[row.basis])
        return _("%(used)s used, %(left)s left") % {"used": row.months_used or 0, "left": row.months_left or 0}

    def panels(self, request: HttpRequest, row: Refund) -> list[Panel]:
        found = [panels.transfers_panel(row)] if row.is_rejected or row.is_by_transfer else []
        if request.user.has_perm("subscriptions.view_document"):
            found.append(panels.documents_panel(Document.objects.filter(refund=row)))
        if request.user.has_perm("portal.view_auditrecord"):
            found.append(panels.timeline_of(row))
        return found

    def buttons(self, request: HttpRequest, row: Refund) -> list[Button]:
        if not row.is_rejected or not self.may_operate(request):
            return []
        transfer = standing_transfer(row)
        if transfer is None:
            return [
                Button(label=_("Repeat the refund"), url=self.url_of(row, "repetition")),
                Button(label=_("Settle by bank transfer"), url=self.url_of(row, "transfer")),
            ]
        # Whoever recorded it is offered no button that would be refused.
        confirming = Button(label=_("Confirm the bank transfer"), url=self.url_of(row, "transfer_confirmation"))
        dropping = Button(label=_("Drop the bank transfer"), url=self.url_of(row, "transfer_dropping"))
        return [dropping] if transfer.proposed_by_id == request.user.pk else [confirming, dropping]

    def repetition(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Refund = self.row_to_operate_on(request, object_id)
        form = RepeatForm(request.POST or None, initial={"times": times_done(REPEATED, row)})
        try:
            check_repeatable(row)
            if form.is_valid():
                repeat_refund(refund=row, now=timezone.now(), by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                return self.done(request, row, _("The refund is being sent to the provider again."))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        effect = [*self.facts(row), (_("Repeated so far"), times_done(REPEATED, row))]
        return self.operation_page(
            request, row, title=_("Repeat the refund"), effect=effect, form=form, label=_("Repeat the refund")
        )

    def transfer(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The first of two persons (X6)."""
        row: Refund = self.row_to_operate_on(request, object_id)
        form = TransferForm(request.POST or None)
        try:
            check_transferable(row)
            if form.is_valid():
                propose_transfer(refund=row, now=timezone.now(), by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                return self.done(request, row, _("The bank transfer is recorded. Somebody else has to confirm it."))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        then = _("Somebody else confirms it. Until then nothing is booked, and the card is not tried any more.")
        effect = [*self.facts(row), (_("Then"), then)]
        title = _("Settle by bank transfer")
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=_("Record the transfer"))

    def transfer_confirmation(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The second person, who has found it on the bank's statement."""
        row: Refund = self.row_to_operate_on(request, object_id)
        then = _("The refund is booked as paid, and the customer gets the credit note.")
        done = _("The refund is booked as paid by bank transfer.")
        return self._conclude(
            request, row, confirm_transfer, title=_("Confirm the bank transfer"), then=then, done=done
        )

    def transfer_dropping(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Refund = self.row_to_operate_on(request, object_id)
        then = _("Nothing is booked, and the card is tried again by the next run.")
        done = _("The bank transfer is dropped.")
        return self._conclude(request, row, drop_transfer, title=_("Drop the bank transfer"), then=then, done=done)

    def _conclude(
        self, request: HttpRequest, row: Refund, action: Callable[..., object], *, title: str, then: str, done: str
    ) -> HttpResponse:
        """Of the transfer that was shown: one recorded in its place meanwhile is looked at first (X10)."""
        transfer = standing_transfer(row)
        initial = {"shown": transfer.pk if transfer else ""}
        form = ConfirmedForm(request.POST or None, initial=initial)
        try:
            if transfer is None:
                raise Refusal("not_proposed", _("No bank transfer is recorded for this refund."))
            if action is confirm_transfer:
                check_confirmable(transfer, by=request.user)  # type: ignore[arg-type]
            if form.is_valid() and form.cleaned_data["shown"] == str(transfer.pk):
                action(transfer=transfer, reason=form.cleaned_data["reason"], now=timezone.now(), by=request.user)
                return self.done(request, row, done)
            if form.is_valid():
                form = ConfirmedForm(initial=initial | {"reason": form.cleaned_data["reason"]})
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        recorded_at = words.moment(transfer.proposed_at, row.account.market.zone)
        effect = [
            *self.facts(row),
            (_("Reference of the transfer"), transfer.reference),
            (_("Recorded by"), f"{transfer.proposed_by}, {recorded_at}"),
            (_("Then"), then),
        ]
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=title)

    def facts(self, row: Refund) -> list[tuple[str, object]]:
        return [
            (_("Customer"), row.account.email),
            (_("Refund"), words.amount(row.amount, row.currency)),
            (_("To the card"), words.card(row.payment.card)),
            (_("Why it was rejected"), refund_rejection(row.reason)),
            (_("Promised to be there by"), day_in_words(row.expected_on)),
        ]
