"""Subscriptions and their contracts."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.lists import NamedByAny
from portal.desk.pages import Button, Desk, Panel, StateFilter
from portal.templatetags.frame import day_in_words
from subscriptions.admin import panels, words
from subscriptions.admin.ending import EndsForCustomers
from subscriptions.admin.explanation import EXPLAIN, explanation_page, next_charge_panels
from subscriptions.admin.extending import Extends, extensions_panel
from subscriptions.admin.rehearsal import REHEARSE, rehearsal_page
from subscriptions.models import Contract, Document, Payment, Refund, Subscription
from subscriptions.papers.contract import DRAWN_FROM, contract_pdf
from subscriptions.papers.downloads import pdf_file
from subscriptions.what_if import may_ask
from subscriptions.words.terms import term_name


class SubscriptionState(StateFilter):
    words = words.STATES


@admin.register(Subscription)
class SubscriptionAdmin(Extends, EndsForCustomers, Desk):
    list_display = ("package_name", "customer", "car", "term_name", "state", "next_charge_on", "market")
    list_filter = (SubscriptionState, "package", "market", ("referred_dealer", NamedByAny))
    list_select_related = ("account", "vehicle", "package", "plan", "market")
    search_fields = ("account", "vehicle", "contract__number")
    search_help_text = gettext_lazy("E-mail, name, VIN, registration plate, or contract number")
    ordering = ("-pk",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *("state", "customer", "car", "package_name", "term_name", "agreed_price", "contract_link"),
                    "referred_dealer",
                )
            },
        ),
        (
            gettext_lazy("Dates"),
            {"fields": ("ordered", "activated_on", "trial_ends_on", "next_charge_on", "next_try", "cancelled", "end")},
        ),
    )
    nouns = ("explanation", "rehearsal", "cancellation", "withdrawal", "extension")

    def name_of(self, row: Subscription) -> str:
        return f"{words.package(row)}, {words.car(row)}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        return super().get_queryset(request).select_related(*self.list_select_related, "contract")

    # Columns and facts

    @admin.display(description=gettext_lazy("package"), ordering="package__code")
    def package_name(self, row: Subscription) -> str:
        return words.package(row)

    @admin.display(description=gettext_lazy("customer"), ordering="account__email")
    def customer(self, row: Subscription) -> str:
        return words.link(row.account, row.account.email)

    @admin.display(description=gettext_lazy("car"), ordering="vehicle__vin")
    def car(self, row: Subscription) -> str:
        return words.link(row.vehicle, words.car(row))

    @admin.display(description=gettext_lazy("term"))
    def term_name(self, row: Subscription) -> str:
        return term_name(row.term) if row.term else _("complimentary")

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, row: Subscription) -> str:
        return words.state(row)

    @admin.display(description=gettext_lazy("agreed price"))
    def agreed_price(self, row: Subscription) -> str:
        return "" if row.is_complimentary else words.amount(row.running_price, row.currency)

    @admin.display(description=gettext_lazy("contract"))
    def contract_link(self, row: Subscription) -> str:
        contract = getattr(row, "contract", None)
        return words.link(contract, contract.number) if contract else ""

    @admin.display(description=gettext_lazy("ordered"))
    def ordered(self, row: Subscription) -> str:
        return words.moment(row.ordered_at, row.market.zone)

    @admin.display(description=gettext_lazy("free month until"))
    def trial_ends_on(self, row: Subscription) -> str:
        return day_in_words(row.charge_date(0)) if row.trial_months else ""

    @admin.display(description=gettext_lazy("next try"))
    def next_try(self, row: Subscription) -> str:
        day = day_in_words(row.next_try_on)
        return _("%(day)s, %(used)s of 3 tries used") % {"day": day, "used": row.tries_used} if row.tries_used else day

    @admin.display(description=gettext_lazy("cancelled"))
    def cancelled(self, row: Subscription) -> str:
        return words.moment(row.cancelled_at, row.market.zone)

    @admin.display(description=gettext_lazy("first day without service"))
    def end(self, row: Subscription) -> str:
        return day_in_words(row.ends_on)

    # What belongs to it

    def panels(self, request: HttpRequest, row: Subscription) -> list[Panel]:
        may = request.user.has_perm
        found = []
        if may("subscriptions.view_contract") and row.price_offers.exists():
            found.append(panels.prices_panel(row))
        if may("subscriptions.view_payment"):
            found.append(panels.payments_panel(Payment.objects.filter(subscription=row)))
        if may("subscriptions.view_refund"):
            found.append(panels.refunds_panel(Refund.objects.filter(payment__subscription=row)))
        if may("subscriptions.view_document"):
            found.append(panels.documents_panel(Document.objects.filter(subscription=row)))
        if row.extensions.exists():
            found.append(extensions_panel(row))
        if may("portal.view_auditrecord") and not row.is_complimentary:
            found.append(panels.explanation_panel(row, today=row.market.local_date(timezone.now())))
            found += next_charge_panels(row)
        if may("portal.view_auditrecord"):
            found.append(panels.timeline_panel(row))
        return found

    def buttons(self, request: HttpRequest, row: Subscription) -> list[Button]:
        asking = [] if row.is_complimentary else [Button(label=EXPLAIN, url=self.url_of(row, "explanation"))]
        if may_ask(row) and self.may_operate(request):
            asking.append(Button(label=REHEARSE, url=self.url_of(row, "rehearsal")))
        return [*asking, *self.ways_to_end(request, row), *self.extend_buttons(request, row)]

    def rehearsal(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Subscription = self.row_to_operate_on(request, object_id)
        if not may_ask(row):
            raise Http404
        return rehearsal_page(self, request, row)

    def explanation(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """K5, P9: for any day."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return explanation_page(self, request, get_object_or_404(self.get_queryset(request), pk=object_id))


@admin.register(Contract)
class ContractAdmin(Desk):
    list_display = ("number", "customer", "package_name", "ordered", "language")
    list_select_related = ("subscription__account", "subscription__package", "subscription__market")
    search_fields = ("number", "subscription__account", "subscription__vehicle")
    search_help_text = gettext_lazy("Contract number, e-mail, name, VIN or plate")
    ordering = ("-pk",)
    fields = ("number", "subscription_link", "customer", "ordered", "terms_version", "language", "terms", "order_text")

    nouns = ("pdf",)

    def buttons(self, request: HttpRequest, row: Contract) -> list[Button]:
        return [Button(label=_("Download the PDF"), url=self.url_of(row, "pdf"))]

    def pdf(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The file as the customer has it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request).select_related(*DRAWN_FROM), pk=object_id)
        return pdf_file(contract_pdf(row), name=f"{row.number}.pdf")

    @admin.display(description=gettext_lazy("customer"), ordering="subscription__account__email")
    def customer(self, row: Contract) -> str:
        return words.link(row.subscription.account, row.subscription.account.email)

    @admin.display(description=gettext_lazy("package"), ordering="subscription__package__code")
    def package_name(self, row: Contract) -> str:
        return words.package(row.subscription)

    @admin.display(description=gettext_lazy("subscription"))
    def subscription_link(self, row: Contract) -> str:
        return words.link(row.subscription, words.package(row.subscription))

    @admin.display(description=gettext_lazy("ordered"))
    def ordered(self, row: Contract) -> str:
        return words.moment(row.ordered_at, row.subscription.market.zone)

    @admin.display(description=gettext_lazy("agreed"))
    def terms(self, row: Contract) -> str:
        lines = [(key.replace("_", " "), _listed(value)) for key, value in row.agreed.items()]
        return format_html_join("", "{}: {}<br>", lines)


def _listed(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(filter(None, map(_listed, value.values())))
    return ", ".join(map(_listed, value)) if isinstance(value, list) else str(value)
