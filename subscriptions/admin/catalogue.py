"""What is on offer: the catalogue file owns it (`manage.py load_catalogue`); running contracts change from here."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.pages import Button, Desk, Panel
from portal.models import Market
from subscriptions.actions.discontinue import check_discontinuable, check_ends_on, discontinue_package
from subscriptions.actions.price_change import announce_price, check_day
from subscriptions.admin import terms, words
from subscriptions.admin.forms import DiscontinuationForm, PriceForm
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.models import Package, Plan, Service
from subscriptions.words.terms import term_name

NEW_PRICE = gettext_lazy("Set a new price for running contracts")
DISCONTINUE = gettext_lazy("Discontinue the package")


class Catalogue(Desk):
    is_short = True

    @admin.display(description=gettext_lazy("name"), ordering="names")
    def shown_name(self, row: Package | Service) -> str:
        return row.name

    @admin.display(description=gettext_lazy("description"))
    def shown_description(self, row: Package | Service) -> str:
        return row.description


@admin.register(Service)
class ServiceAdmin(Catalogue):
    list_display = ("code", "shown_name")
    search_fields = ("code", "names")
    ordering = ("code",)
    fields = (
        *("code", "shown_name", "shown_description", "capabilities", "forbidden"),
        *("uses_location", "uses_profile", "uses_charge", "updates_maps"),
    )


@admin.register(Package)
class PackageAdmin(Catalogue):
    list_display = ("code", "shown_name", "suite", "is_standard", "gives_trial", "base")
    list_filter = ("suite", "is_standard", "gives_trial")
    list_select_related = ("base",)
    search_fields = ("code", "names")
    ordering = ("position", "code")
    fields = (
        "code",
        "shown_name",
        "shown_description",
        "suite",
        "service_names",
        "is_standard",
        "gives_trial",
        "complimentary_months",
        "complimentary_months_in",
        "left_out_in",
        "channels",
        "base",
        "car_markets",
        "car_models",
        "bought_from",
        "bought_before",
        "generations",
        "powertrains",
        "capabilities",
    )
    nouns = ("discontinuation",)

    @admin.display(description=gettext_lazy("services"))
    def service_names(self, row: Package) -> str:
        return ", ".join(service.name for service in row.services.order_by("code"))

    def panels(self, request: HttpRequest, row: Package) -> list[Panel]:
        plans = row.plans.select_related("market").order_by("market__code", "price")
        rows = [
            [plan.market, term_name(plan.term), words.amount(plan.price, plan.market.currency), _offered(plan)]
            for plan in plans
        ]
        headings = [_("Market"), _("Term"), _("Price"), _("Offered")]
        return [Panel(title=_("Plans"), headings=headings, rows=rows), terms.discontinuations_panel(row)]

    def buttons(self, request: HttpRequest, row: Package) -> list[Button]:
        if row.is_standard or not self.may_operate(request):
            return []
        return [Button(label=DISCONTINUE, url=self.url_of(row, "discontinuation"))]

    def discontinuation(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """S10: asked for, shown with what it brings, and then decided as shown."""
        row: Package = self.row_to_operate_on(request, object_id)
        now = timezone.now()

        def check(*, market: Market, day: date) -> None:
            check_discontinuable(row, market)
            check_ends_on(market, day, now=now)

        form = DiscontinuationForm(request.POST or None, check=check)
        effect: Sequence[tuple[Any, Any]] = [(_("Package"), row.name)]
        if form.is_valid():
            asked = form.cleaned_data
            preview = terms.preview_end(row, asked["market"], ends_on=asked["day"])
            if is_what_was_shown(asked["shown"], preview):
                discontinue_package(
                    package=row,
                    market=asked["market"],
                    ends_on=asked["day"],
                    reason=asked["reason"],
                    now=now,
                    by=request.user,  # type: ignore[arg-type]
                )
                return self.done(request, row, _("The package is discontinued. Its customers are told."))
            effect = [*effect, *terms.end_effect(preview)]
            form = DiscontinuationForm(initial=asked | {"shown": seal(preview)}, check=check)
        return self.operation_page(request, row, title=DISCONTINUE, effect=effect, form=form, label=_("Go on"))


@admin.register(Plan)
class PlanAdmin(Desk):
    is_short = True
    list_display = ("package", "market", "term_name", "price_in_words", "is_offered")
    list_filter = ("package", "market", "term", "is_offered")
    list_select_related = ("package", "market")
    ordering = ("package__position", "market__code", "price")
    fields = ("package", "market", "term_name", "price_in_words", "is_offered")

    nouns = ("price",)

    def name_of(self, row: Plan) -> str:
        return f"{row.package.name}, {term_name(row.term)}, {row.market}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=gettext_lazy("term"), ordering="term")
    def term_name(self, row: Plan) -> str:
        return term_name(row.term)

    @admin.display(description=gettext_lazy("price"), ordering="price")
    def price_in_words(self, row: Plan) -> str:
        return words.amount(row.price, row.market.currency)

    def panels(self, request: HttpRequest, row: Plan) -> list[Panel]:
        return [terms.price_changes_panel(row)]

    def buttons(self, request: HttpRequest, row: Plan) -> list[Button]:
        return [Button(label=NEW_PRICE, url=self.url_of(row, "price"))] if self.may_operate(request) else []

    def price(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """S10: asked for, shown with what it brings, and then announced as shown."""
        row: Plan = self.row_to_operate_on(request, object_id)
        now = timezone.now()

        def check(*, price: Decimal, day: date) -> None:
            check_day(row, day, now=now)

        form = PriceForm(request.POST or None, check=check)
        effect: Sequence[tuple[Any, Any]] = [(_("Plan"), self.name_of(row)), (_("Catalogue"), self.price_in_words(row))]
        if form.is_valid():
            asked = form.cleaned_data
            preview = terms.preview_price(row, price=asked["price"], effective_on=asked["day"])
            if is_what_was_shown(asked["shown"], preview):
                announce_price(
                    plan=row,
                    price=asked["price"],
                    effective_on=asked["day"],
                    reason=asked["reason"],
                    now=now,
                    by=request.user,  # type: ignore[arg-type]
                )
                return self.done(request, row, _("The new price is announced. Each customer is offered it in time."))
            effect = [*effect, *terms.price_effect(row, preview)]
            form = PriceForm(initial=asked | {"shown": seal(preview)}, check=check)
        return self.operation_page(request, row, title=NEW_PRICE, effect=effect, form=form, label=_("Go on"))


def _offered(plan: Plan) -> str:
    return _("yes") if plan.is_offered else _("no longer")
