"""Disputes: what a customer's bank claims back, to find and to read; the open ones are work to do (P10)."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from portal.desk.pages import Desk, Panel, StateFilter
from subscriptions.admin import panels, words
from subscriptions.models import Dispute, Refund


class DisputeStateFilter(StateFilter):
    words = words.DISPUTE_STATES
    parameter_name = "state"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Dispute]) -> QuerySet[Dispute]:
        return queryset.filter(state=self.value()) if self.value() in self.words else queryset


@admin.register(Dispute)
class DisputeAdmin(Desk):
    list_display = ("opened", "customer", "sum", "payment_link", "standing", "settled")
    list_filter = (DisputeStateFilter, "payment__subscription__market")
    list_select_related = ("payment__account", "payment__subscription__package", "payment__subscription__market")
    search_fields = ("payment__account", "dispute_ref")
    search_help_text = gettext_lazy("E-mail, name, or the provider’s reference")
    ordering = ("-pk",)
    fields = ("standing", "sum", "customer", "payment_link", "opened", "settled", "dispute_ref")

    def name_of(self, row: Dispute) -> str:
        return f"{self.sum(row)}, {words.package(row.payment.subscription)}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=gettext_lazy("opened"), ordering="opened_at")
    def opened(self, row: Dispute) -> str:
        return words.moment(row.opened_at, row.payment.subscription.market.zone)

    @admin.display(description=gettext_lazy("settled"))
    def settled(self, row: Dispute) -> str:
        return words.moment(row.settled_at, row.payment.subscription.market.zone)

    @admin.display(description=gettext_lazy("customer"), ordering="payment__account__email")
    def customer(self, row: Dispute) -> str:
        return words.link(row.payment.account, row.payment.account.email)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum(self, row: Dispute) -> str:
        return words.amount(row.amount, row.payment.currency)

    @admin.display(description=gettext_lazy("payment"))
    def payment_link(self, row: Dispute) -> str:
        paid = words.amount(row.payment.amount, row.payment.currency)
        return words.link(row.payment, f"{paid}, {words.package(row.payment.subscription)}")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def standing(self, row: Dispute) -> str:
        return str(words.DISPUTE_STATES[row.state])

    def panels(self, request: HttpRequest, row: Dispute) -> list[Panel]:
        if not request.user.has_perm("subscriptions.view_refund"):
            return []
        return [panels.refunds_panel(Refund.objects.filter(payment=row.payment))]
