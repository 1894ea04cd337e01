"""Cars that a dealer took in trade (K1): stated here, answered by the owner, released when nobody objects."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from garage.admin.workshop import of_their_dealer
from garage.forms.dealer import TradeInForm
from garage.models import TradeIn
from portal.desk.pages import Button, Desk
from portal.refusals import Refusal
from subscriptions.actions.trade_in import call_off_trade_in, declare_trade_in
from subscriptions.admin import words
from subscriptions.admin.dealer import is_at_a_dealer
from subscriptions.admin.forms import ReasonForm
from subscriptions.papers.certificate import check_url


@admin.register(TradeIn)
class TradeInAdmin(Desk):
    """A dealer sees its own, and of the owner nothing: the car is what it took."""

    list_display = ("car", "reference", "state", "declared", "due", "dealer")
    list_select_related = (
        *("membership__vehicle", "membership__account__market__brand", "workshop__dealer__market", "declared_by"),
        "sale__membership__account__market__brand",
    )
    search_fields = ("membership__vehicle", "reference")
    ordering = ("-pk",)
    fields = ("car", "dealer", "reference", "state", "declared", "due", "stated_by", "certificate")
    readonly_fields = fields
    nouns = ("calling_off",)
    change_list_template = "admin/garage/trade_ins.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[TradeIn]:
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        return of_their_dealer(request.user, rows, workshop="workshop")

    def customers_of(self, row: TradeIn) -> list[int]:
        return [row.membership.account_id]

    def get_urls(self) -> list[URLPattern]:
        new = path("new/", self.admin_site.admin_view(self.new), name="garage_tradein_new")
        return [new, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        works = self.may_operate(request) and is_at_a_dealer(request)
        return super().changelist_view(request, {**(extra_context or {}), "works": works})

    def name_of(self, row: TradeIn) -> str:
        return f"{self.car(row)}, {row.reference}"

    @admin.display(description=gettext_lazy("car"), ordering="membership__vehicle__vin")
    def car(self, row: TradeIn) -> str:
        return f"{row.membership.vehicle.model} {row.membership.vehicle.vin}"

    @admin.display(description=gettext_lazy("dealer"))
    def dealer(self, row: TradeIn) -> str:
        return row.workshop.dealer.name

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: TradeIn) -> str:
        if row.released_at:
            return _("released")
        if row.objected_at:
            return _("the owner objects: ask the customer centre")
        if row.called_off_at:
            return _("called off")
        if timezone.now() >= row.due_at:
            return _("another account asks for control: the customer centre decides")
        return _("waits for the owner")

    @admin.display(description=gettext_lazy("stated"), ordering="declared_at")
    def declared(self, row: TradeIn) -> str:
        return words.moment(row.declared_at, row.workshop.dealer.zone)

    @admin.display(description=gettext_lazy("released without an answer"))
    def due(self, row: TradeIn) -> str:
        return words.moment(row.due_at, row.workshop.dealer.zone)

    @admin.display(description=gettext_lazy("by"))
    def stated_by(self, row: TradeIn) -> str:
        return row.declared_by.get_full_name()

    @admin.display(description=gettext_lazy("certificate"))
    def certificate(self, row: TradeIn) -> str:
        if row.sale is None:
            return ""
        if not row.sale.is_finished:
            return _("not yet: something of the owner’s is still connected, which only the owner can end")
        url = check_url(row.sale, language=translation.get_language() or "en")
        return format_html('<a href="{}">{}</a>', url, row.sale.check_number)

    def buttons(self, request: HttpRequest, row: TradeIn) -> list[Button]:
        if not row.is_open or not self.may_operate(request):
            return []
        return [Button(label=_("Call it off"), url=self.url_of(row, "calling_off"))]

    def new(self, request: HttpRequest) -> HttpResponse:
        if not self.may_operate(request) or not is_at_a_dealer(request):
            raise PermissionDenied
        form = TradeInForm(request.POST or None)
        if form.is_valid():
            try:
                trade = declare_trade_in(**form.facts(), now=timezone.now(), by=request.user)  # type: ignore[arg-type]
                messages.success(request, _("It is stated. The owner is told, and may object."))
                return redirect(self.url_of(trade, "change"))
            except Refusal as refusal:
                form.add_error(None, str(refusal))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("A car taken in trade"),
            "row_name": _("A car taken in trade"),
            "row_url": reverse("admin:garage_tradein_changelist"),
            "effect": [
                (_("Now"), _("the owner is told, and confirms or objects")),
                (_("Then"), _("without an answer the car leaves the owner’s garage after some days, and services end")),
            ],
            "form": form,
            "label": _("State it"),
        }
        return TemplateResponse(request, "admin/desk/operation.html", context)

    def calling_off(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: TradeIn = self.row_to_operate_on(request, object_id)
        form = ReasonForm(request.POST or None)
        try:
            if form.is_valid():
                reason = form.cleaned_data["reason"]
                call_off_trade_in(trade=row, reason=reason, now=timezone.now(), by=request.user)  # type: ignore[arg-type]
                return self.done(request, row, _("Called off. The owner is told."))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        effect = [(_("Car"), self.car(row)), (_("Then"), _("the car stays in the owner’s garage"))]
        return self.operation_page(
            request, row, title=_("Call it off"), effect=effect, form=form, label=_("Call it off")
        )
