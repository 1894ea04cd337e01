"""What came from the system before this one, to find and to read: documents, contracts, and from which line (K2)."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from garage.models import Membership
from portal.desk import reads
from portal.desk.pages import Button, Desk
from portal.models import Origin
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.admin import words
from subscriptions.models import OldDocument, PaymentCard, Subscription, TakenOver
from subscriptions.papers.downloads import pdf_file
from subscriptions.papers.old_documents import pdf_for_reading

# Of a right there are two tables, and no page.
TAKEN: dict[str, type[Model]] = {
    "account": Account,
    "link": Membership,
    "card": PaymentCard,
    "subscription": Subscription,
    "document": OldDocument,
}


@admin.register(OldDocument)
class OldDocumentAdmin(Desk):
    list_display = ("number", "kind", "issued_on", "customer", "gross_sum", "is_kept")
    list_filter = ("kind",)
    list_select_related = ("account",)
    search_fields = ("number", "account")
    search_help_text = gettext_lazy("Number, e-mail or name")
    ordering = ("-pk",)
    fields = ("number", "kind", "issued_on", "customer", "gross_sum", "is_kept", "keep_until")
    nouns = ("pdf",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OldDocument]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=gettext_lazy("customer"), ordering="account__email")
    def customer(self, row: OldDocument) -> str:
        return words.link(row.account, row.account.email)

    @admin.display(description=gettext_lazy("gross"), ordering="gross")
    def gross_sum(self, row: OldDocument) -> str:
        return words.amount(row.gross, row.currency)

    @admin.display(description=gettext_lazy("file is kept"), boolean=True)
    def is_kept(self, row: OldDocument) -> bool:
        return row.is_kept

    def buttons(self, request: HttpRequest, row: OldDocument) -> list[Button]:
        return [Button(label=_("Download the PDF"), url=self.url_of(row, "pdf"))] if row.is_kept else []

    def pdf(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        try:
            return pdf_file(pdf_for_reading(row), name=row.file_name)
        except Refusal as refusal:
            return self.refused(request, row, refusal)


@admin.register(TakenOver)
class TakenOverAdmin(Desk):
    list_display = ("old_id", "customer", "subscription_link", "periods_paid", "next_charge", "invoice_number")
    list_select_related = ("subscription__account", "subscription__package", "subscription__market")
    search_fields = ("old_id", "subscription__account")
    search_help_text = gettext_lazy("What it was called there, e-mail or name")
    ordering = ("-pk",)
    fields = (
        *("old_id", "customer", "subscription_link", "periods_paid", "next_charge"),
        *("payment_link", "invoice_number", "invoice_on", "taken"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[TakenOver]:
        return super().get_queryset(request).select_related(*self.list_select_related, "payment")

    @admin.display(description=gettext_lazy("customer"))
    def customer(self, row: TakenOver) -> str:
        return words.link(row.subscription.account, row.subscription.account.email)

    @admin.display(description=gettext_lazy("subscription"))
    def subscription_link(self, row: TakenOver) -> str:
        return words.link(row.subscription, words.package(row.subscription))

    @admin.display(description=gettext_lazy("payment"))
    def payment_link(self, row: TakenOver) -> str:
        return words.link(row.payment, words.amount(row.payment.amount, row.payment.currency)) if row.payment else ""

    @admin.display(description=gettext_lazy("next charge, as it stood there"))
    def next_charge(self, row: TakenOver) -> str:
        return day_in_words(row.next_charge_on)

    @admin.display(description=gettext_lazy("taken over"))
    def taken(self, row: TakenOver) -> str:
        return words.moment(row.taken_at, row.subscription.market.zone)


@admin.register(Origin)
class OriginAdmin(Desk):
    list_display = ("old_id", "kind", "source", "line", "taken_at")
    list_filter = ("kind",)
    # Compared whole, of any kind: what `get_search_results` does.
    search_fields = ("old_id",)
    search_help_text = gettext_lazy("What it was called there, as it stood in the file")
    ordering = ("-pk",)
    fields = ("old_id", "kind", "row_link", "source", "line", "taken_at")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        typed = search_term.strip()
        found = queryset.filter(kind__in=Origin.KINDS, old_id=typed) if typed else queryset
        return found, False

    def customers_of(self, row: Origin) -> Iterable[int]:
        taken = self._taken(row)
        return reads.customers_of(taken) if taken else ()

    @admin.display(description=gettext_lazy("what it is here"))
    def row_link(self, row: Origin) -> str:
        match self._taken(row):
            case Membership() as link:
                return words.link(link.vehicle, str(link.vehicle))
            case Subscription() as subscription:
                return words.link(subscription, words.package(subscription))
            case Model() as taken:
                return words.link(taken, str(taken))
        return ""

    def _taken(self, row: Origin) -> Model | None:
        model = TAKEN.get(row.kind)
        return model._base_manager.filter(pk=row.row_id).first() if model else None
