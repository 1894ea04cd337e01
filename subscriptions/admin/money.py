"""Payments and refunds: every try and every promise, with its reason in the customer's own words."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.actions.again import REPEATED, check_repeatable, repeat_refund, times_done
from subscriptions.admin import panels, words
from subscriptions.admin.desk import Button, Desk, Panel, StateFilter
from subscriptions.admin.forms import RepeatForm
from subscriptions.models import Document, Payment, Refund
from subscriptions.rules.lifecycle import RefundStatus


class PaymentState(StateFilter):
    words = words.PAYMENT_STATES


class RefundState(StateFilter):
    words = words.REFUND_STATES


@admin.register(Payment)
class PaymentAdmin(Desk):
    list_display = (
        "started",
        "customer",
        "subscription_link",
        "sum",
        "card_name",
        "outcome",
        "attempt",
        "refunded_sum",
    )
    list_filter = (PaymentState, "subscription__market", "subscription__package")
    list_select_related = ("account", "card", "subscription__package", "subscription__market")
    search_fields = (
        "account__email",
        "account__last_name",
        "subscription__vehicle__vin",
        "subscription__contract__number",
        "documents__number",
        "=card__last4",
    )
    search_help_text = gettext_lazy("E-mail, last name, VIN, contract or document number, last four digits of the card")
    ordering = ("-started_at", "-pk")
    fields = (
        "outcome",
        "sum",
        "refunded_sum",
        "customer",
        "subscription_link",
        "card_name",
        "period_from",
        "period_to",
        "attempt",
        "started",
        "settled",
        "charge_ref",
    )

    def name_of(self, row: Payment) -> str:
        return f"{self.sum(row)}, {words.package(row.subscription)}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=gettext_lazy("begun"), ordering="started_at")
    def started(self, row: Payment) -> str:
        return words.moment(row.started_at, row.subscription.market.zone)

    @admin.display(description=gettext_lazy("settled"))
    def settled(self, row: Payment) -> str:
        return words.moment(row.settled_at, row.subscription.market.zone)

    @admin.display(description=gettext_lazy("customer"), ordering="account__email")
    def customer(self, row: Payment) -> str:
        return words.link(row.account, row.account.email)

    @admin.display(description=gettext_lazy("subscription"))
    def subscription_link(self, row: Payment) -> str:
        return words.link(row.subscription, words.package(row.subscription))

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum(self, row: Payment) -> str:
        return words.amount(row.amount, row.currency)

    @admin.display(description=gettext_lazy("refunded or promised"), ordering="refunded")
    def refunded_sum(self, row: Payment) -> str:
        return words.amount(row.refunded, row.currency) if row.refunded else ""

    @admin.display(description=gettext_lazy("card"), ordering="card__last4")
    def card_name(self, row: Payment) -> str:
        return words.link(row.card, words.card(row.card))

    @admin.display(description=gettext_lazy("outcome"), ordering="status")
    def outcome(self, row: Payment) -> str:
        return panels.payment_state(row)

    def panels(self, request: HttpRequest, row: Payment) -> list[Panel]:
        may = request.user.has_perm
        found = []
        if may("subscriptions.view_refund"):
            found.append(panels.refunds_panel(Refund.objects.filter(payment=row)))
        if may("subscriptions.view_document"):
            found.append(panels.documents_panel(Document.objects.filter(payment=row)))
        return found


@admin.register(Refund)
class RefundAdmin(Desk):
    list_display = ("promised", "customer", "sum", "card_name", "state", "expected_on")
    list_filter = (RefundState, "payment__subscription__market")
    list_select_related = ("account__market", "payment__card", "payment__subscription__package")
    search_fields = ("account__email", "account__last_name", "credit_note__number", "=payment__card__last4")
    search_help_text = gettext_lazy("E-mail, last name, credit note number, last four digits of the card")
    ordering = ("-promised_at", "-pk")
    fields = ("state", "sum", "customer", "card_name", "payment_link", "months", "promised", "expected_on", "settled")
    nouns = ("repetition",)

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
        return f"{outcome}: {row.reason}" if row.reason and row.status == RefundStatus.REJECTED else outcome

    @admin.display(description=gettext_lazy("months"))
    def months(self, row: Refund) -> str:
        return _("%(used)s used, %(left)s left") % {"used": row.months_used or 0, "left": row.months_left or 0}

    def panels(self, request: HttpRequest, row: Refund) -> list[Panel]:
        found = []
        if request.user.has_perm("subscriptions.view_document"):
            found.append(panels.documents_panel(Document.objects.filter(refund=row)))
        if request.user.has_perm("portal.view_auditrecord"):
            found.append(panels.timeline_of(row))
        return found

    def buttons(self, request: HttpRequest, row: Refund) -> list[Button]:
        if row.status != RefundStatus.REJECTED or not self.may_operate(request):
            return []
        return [Button(label=_("Repeat the refund"), url=self.url_of(row, "repetition"))]

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
        effect = [
            (_("Customer"), row.account.email),
            (_("Refund"), words.amount(row.amount, row.currency)),
            (_("To the card"), words.card(row.payment.card)),
            (_("Promised to be there by"), day_in_words(row.expected_on)),
            (_("Repeated so far"), times_done(REPEATED, row)),
        ]
        return self.operation_page(
            request, row, title=_("Repeat the refund"), effect=effect, form=form, label=_("Repeat the refund")
        )
