"""What is on offer, to read: the catalogue file owns it (`manage.py load_catalogue`)."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.admin import words
from subscriptions.admin.desk import Desk, Panel
from subscriptions.models import Package, Plan, Service
from subscriptions.terms import term_name


class Catalogue(Desk):
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
    fields = ("code", "shown_name", "shown_description")


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
        "base",
        "generations",
        "powertrains",
        "capabilities",
    )

    @admin.display(description=gettext_lazy("services"))
    def service_names(self, row: Package) -> str:
        return ", ".join(service.name for service in row.services.order_by("code"))

    def panels(self, request: HttpRequest, row: Package) -> list[Panel]:
        plans = row.plans.select_related("market").order_by("market__code", "price")
        rows = [
            [plan.market, term_name(plan.term), words.amount(plan.price, plan.market.currency), _offered(plan)]
            for plan in plans
        ]
        return [Panel(title=_("Plans"), headings=[_("Market"), _("Term"), _("Price"), _("Offered")], rows=rows)]


@admin.register(Plan)
class PlanAdmin(Desk):
    list_display = ("package", "market", "term_name", "price_in_words", "is_offered")
    list_filter = ("package", "market", "term", "is_offered")
    list_select_related = ("package", "market")
    ordering = ("package__position", "market__code", "price")
    fields = ("package", "market", "term_name", "price_in_words", "is_offered")

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


def _offered(plan: Plan) -> str:
    return _("yes") if plan.is_offered else _("no longer")
