"""Payments: every try, with its reason in the customer's own words."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.desk.pages import Button, Panel, StateFilter
from subscriptions.admin import giving_back, panels, words
from subscriptions.admin.explanation import EXPLAIN, charge_panel
from subscriptions.admin.giving_back import GivesBack
from subscriptions.models import Document, Payment, Refund


class PaymentState(StateFilter):
    words = words.PAYMENT_STATES


@admin.register(Payment)
class PaymentAdmin(GivesBack):
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
        *("account", "subscription__vehicle", "subscription__contract__number"),
        *("documents__number", "card__last4", "charge_ref"),
    )
    search_help_text = gettext_lazy(
        "E-mail, name, car, number of a contract or document, last four digits, the provider’s reference"
    )
    ordering = ("-pk",)
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
    nouns = giving_back.NOUNS

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

    def buttons(self, request: HttpRequest, row: Payment) -> list[Button]:
        return [*self._explaining(request, row), *self.give_back_buttons(request, row)]

    def _explaining(self, request: HttpRequest, row: Payment) -> list[Button]:
        """P9: for any other day it is asked of the subscription."""
        if not request.user.has_perm("subscriptions.view_subscription"):  # type: ignore[union-attr]
            return []
        url = reverse("admin:subscriptions_subscription_explanation", args=[row.subscription_id])
        on = row.subscription.market.local_date(row.settled_at or row.started_at)
        return [Button(label=EXPLAIN, url=f"{url}?about={on.isoformat()}")]

    def panels(self, request: HttpRequest, row: Payment) -> list[Panel]:
        may = request.user.has_perm
        found = [charge_panel(row)]
        if may("subscriptions.view_refund"):
            found.append(panels.refunds_panel(Refund.objects.filter(payment=row)))
        if may("subscriptions.view_document"):
            found.append(panels.documents_panel(Document.objects.filter(payment=row)))
        if row.given_back.exists():
            found.append(giving_back.given_back_panel(row))
        return found
