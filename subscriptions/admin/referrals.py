"""What was ordered with a dealer's help (S2, K1): for each dealer its own, without who the customer is."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from garage.admin.workshop import of_their_dealer
from portal.desk.lists import NamedByAny
from portal.desk.pages import Desk
from portal.templatetags.frame import day_in_words
from subscriptions.admin import words
from subscriptions.models.referral import Referral
from subscriptions.words.terms import term_name

FIELDS = ("ordered", "dealer", "package_name", "term_name", "car", "begins", "standing")


@admin.register(Referral)
class ReferralAdmin(Desk):
    list_display = FIELDS
    # There is no more to a row: whose it is, the dealer learns from the customer.
    list_display_links = None
    fields = FIELDS
    readonly_fields = FIELDS
    list_filter = ("ordered_at", "package")
    list_select_related = ("package", "plan", "vehicle", "market", "referred_dealer")
    ordering = ("-pk",)

    def name_of(self, row: Referral) -> str:
        return f"{words.package(row)}, {self.ordered(row)}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Referral]:
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        return of_their_dealer(request.user, rows, workshop="referred_dealer__workshop")

    def get_list_filter(self, request: HttpRequest) -> Any:
        by_dealer = ("referred_dealer", NamedByAny)
        return (*self.list_filter, by_dealer) if request.user.has_perm("accounts.view_account") else self.list_filter

    @admin.display(description=gettext_lazy("ordered"), ordering="ordered_at")
    def ordered(self, row: Referral) -> str:
        return day_in_words(row.market.local_date(row.ordered_at))

    @admin.display(description=gettext_lazy("dealer"), ordering="referred_dealer__name")
    def dealer(self, row: Referral) -> str:
        return row.referred_dealer.name if row.referred_dealer else ""

    @admin.display(description=gettext_lazy("package"), ordering="package__code")
    def package_name(self, row: Referral) -> str:
        return words.package(row)

    @admin.display(description=gettext_lazy("term"))
    def term_name(self, row: Referral) -> str:
        return term_name(row.term)

    @admin.display(description=gettext_lazy("model"))
    def car(self, row: Referral) -> str:
        return row.vehicle.model

    @admin.display(description=gettext_lazy("activated"), ordering="activated_on")
    def begins(self, row: Referral) -> str:
        return day_in_words(row.activated_on)

    @admin.display(description=gettext_lazy("state"))
    def standing(self, row: Referral) -> str:
        """Not how it is paid, nor why it ended."""
        return _("running") if row.is_live else _("ended")
