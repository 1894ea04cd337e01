"""Finance's two decisions about running contracts (S10): a new price of a plan, and the end of a package.

Each is asked for, shown with what it brings, and done as it was shown.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.pages import Desk, Panel
from portal.models import AuditRecord, Market
from portal.templatetags.frame import day_in_words
from subscriptions.actions.price_change import touched_by
from subscriptions.admin import words
from subscriptions.models import Discontinuation, Package, Plan, PriceChange, Subscription
from subscriptions.rules.lifecycle import CONCLUDED
from subscriptions.rules.pricing import OFFER_DAYS
from subscriptions.words.terms import term_name


@dataclass(frozen=True, kw_only=True)
class PricePreview:
    """What a new price would bring; the form hands it back, sealed."""

    price: Decimal
    effective_on: date
    touched: int


@dataclass(frozen=True, kw_only=True)
class EndPreview:
    """What the end of a package would bring."""

    market: str
    ends_on: date
    running: tuple[tuple[str, int], ...]
    add_ons: int


def preview_price(plan: Plan, *, price: Decimal, effective_on: date) -> PricePreview:
    touched = touched_by(plan, price=price, effective_on=effective_on).count()
    return PricePreview(price=price, effective_on=effective_on, touched=touched)


def price_effect(plan: Plan, preview: PricePreview) -> list[tuple[Any, Any]]:
    return [
        (_("New price"), words.amount(preview.price, plan.market.currency)),
        (_("For charges from"), day_in_words(preview.effective_on)),
        (_("Running subscriptions that pay another price now"), preview.touched),
        (
            _("What happens to them"),
            _(
                "Each is offered it %(days)s days before the first such charge; where that is too late, before the one "
                "after. Accepted, it is charged from then on. Else the subscription ends on that date."
            )
            % {"days": OFFER_DAYS},
        ),
        (_("New orders"), _("They take the catalogue’s price of their day: load the catalogue with it.")),
    ]


def preview_end(package: Package, market: Market, *, ends_on: date) -> EndPreview:
    running = Subscription.objects.filter(market=market, status__in=sorted(CONCLUDED))
    states = running.filter(package=package).order_by("status").values_list("status").annotate(Count("pk"))
    return EndPreview(
        market=market.code,
        ends_on=ends_on,
        running=tuple(states),
        add_ons=running.filter(package__base=package).count(),
    )


def end_effect(preview: EndPreview) -> list[tuple[Any, Any]]:
    states: list[tuple[Any, Any]] = [(words.STATES[status], count) for status, count in preview.running]
    return [
        (_("Market"), preview.market),
        (_("Sold"), _("not any more, from now on")),
        (_("First day without it"), day_in_words(preview.ends_on)),
        *(states or [(_("Running subscriptions"), 0)]),
        (_("Additions that end with it"), preview.add_ons),
        (
            _("What happens to them"),
            _("They are told in the next run. On that day each ends, and the whole months left are paid back."),
        ),
    ]


def price_changes_panel(plan: Plan) -> Panel:
    """What was announced, by whom and why, and what customers answered. Two queries."""
    offered, accepted = Count("offers"), Count("offers", filter=Q(offers__amendment__isnull=False))
    changes = plan.price_changes.select_related("announced_by").annotate(offered=offered, accepted=accepted)
    reasons = _reasons("price announced", plan)
    rows = [
        [
            words.link(change, words.amount(change.price, plan.market.currency)),
            day_in_words(change.effective_on),
            words.moment(change.announced_at, plan.market.zone),
            change.announced_by.email,
            reasons.get(change.announced_at, ""),
            change.offered,
            change.accepted,
        ]
        for change in changes.order_by("-announced_at", "-pk")
    ]
    headings = [_("Price"), _("From"), _("Announced"), _("By whom"), _("Reason"), _("Offered"), _("Accepted")]
    return Panel(title=_("New prices for running contracts"), headings=headings, rows=rows)


def discontinuations_panel(package: Package) -> Panel:
    reasons = _reasons("package discontinued", package)
    rows = [
        [
            each.market,
            day_in_words(each.ends_on),
            words.moment(each.decided_at, each.market.zone),
            each.decided_by.email,
            reasons.get(each.decided_at, ""),
        ]
        for each in package.discontinuations.select_related("market", "decided_by").order_by("market__code")
    ]
    headings = [_("Market"), _("First day without it"), _("Decided"), _("By whom"), _("Reason")]
    return Panel(title=_("Discontinued"), headings=headings, rows=rows)


def _reasons(what: str, subject: Plan | Package) -> dict[datetime, str]:
    records = AuditRecord.objects.filter(what=what, subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return {record.at: record.data["reason"] for record in records}


@admin.register(PriceChange)
class PriceChangeAdmin(Desk):
    is_short = True
    list_display = ("plan_name", "price_in_words", "effective_on", "announced", "announced_by")
    list_filter = ("plan__package", "plan__market", "plan__term")
    list_select_related = ("plan__package", "plan__market", "announced_by")
    ordering = ("-announced_at", "-pk")
    fields = ("plan_name", "price_in_words", "vat_rate", "effective_on", "announced", "announced_by")

    @admin.display(description=gettext_lazy("plan"))
    def plan_name(self, row: PriceChange) -> str:
        return words.link(row.plan, f"{row.plan.package.name}, {term_name(row.plan.term)}")

    @admin.display(description=gettext_lazy("price"), ordering="price")
    def price_in_words(self, row: PriceChange) -> str:
        return words.amount(row.price, row.plan.market.currency)

    @admin.display(description=gettext_lazy("announced"), ordering="announced_at")
    def announced(self, row: PriceChange) -> str:
        return words.moment(row.announced_at, row.plan.market.zone)


@admin.register(Discontinuation)
class DiscontinuationAdmin(Desk):
    is_short = True
    list_display = ("package_name", "market", "ends_on", "decided", "decided_by")
    list_filter = ("market",)
    list_select_related = ("package", "market", "decided_by")
    ordering = ("-decided_at", "-pk")
    fields = ("package_name", "market", "ends_on", "decided", "decided_by")

    @admin.display(description=gettext_lazy("package"))
    def package_name(self, row: Discontinuation) -> str:
        return words.link(row.package, row.package.name)

    @admin.display(description=gettext_lazy("decided"), ordering="decided_at")
    def decided(self, row: Discontinuation) -> str:
        return words.moment(row.decided_at, row.market.zone)
