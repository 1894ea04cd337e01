"""Cards: brand, last four digits and expiry; neither number nor provider's reference is shown anywhere (W1, K6)."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.lists import SeenLately
from portal.desk.pages import Desk, Panel
from subscriptions.admin import panels, words
from subscriptions.models import Payment, PaymentCard


@admin.register(PaymentCard)
class PaymentCardAdmin(Desk):
    list_display = ("card_name", "customer", "expiry", "state", "added")
    list_filter = (
        ("brand", SeenLately),
        ("removed_at", admin.EmptyFieldListFilter),
        ("refused_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("account__market",)
    search_fields = ("last4", "account")
    search_help_text = gettext_lazy("Last four digits, e-mail or name")
    ordering = ("-pk",)
    fields = ("card_name", "customer", "expiry", "state", "added", "removed")

    def name_of(self, row: PaymentCard) -> str:
        return words.card(row)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaymentCard]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=gettext_lazy("card"), ordering="last4")
    def card_name(self, row: PaymentCard) -> str:
        return words.card(row)

    @admin.display(description=gettext_lazy("customer"), ordering="account__email")
    def customer(self, row: PaymentCard) -> str:
        return words.link(row.account, row.account.email)

    @admin.display(description=gettext_lazy("expiry"), ordering="exp_year")
    def expiry(self, row: PaymentCard) -> str:
        return f"{row.exp_month:02}/{row.exp_year}"

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: PaymentCard) -> str:
        if row.removed_at:
            return _("removed from the wallet")
        if row.is_refused:
            return _("refused for good by the bank")
        return _("primary card") if row.is_primary else _("in the wallet")

    @admin.display(description=gettext_lazy("added"), ordering="added_at")
    def added(self, row: PaymentCard) -> str:
        return words.moment(row.added_at, row.account.market.zone)

    @admin.display(description=gettext_lazy("removed"))
    def removed(self, row: PaymentCard) -> str:
        return words.moment(row.removed_at, row.account.market.zone)

    def panels(self, request: HttpRequest, row: PaymentCard) -> list[Panel]:
        if not request.user.has_perm("subscriptions.view_payment"):
            return []
        return [panels.payments_panel(Payment.objects.filter(card=row))]
