"""A new price of running subscriptions (S10): announced by finance, offered by the run sixty days before its charge."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, ExtractDay, ExtractMonth, ExtractYear
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal import audit
from portal.models import Market
from portal.querying.written import Given, written
from portal.refusals import Refusal
from subscriptions.actions.whose import only
from subscriptions.models import ContractAmendment, Plan, PriceChange, PriceOffer, Subscription
from subscriptions.models.subscription import SubscriptionQuerySet
from subscriptions.notices.telling import tell_price
from subscriptions.rules.lifecycle import CHARGEABLE
from subscriptions.rules.pricing import OFFER_DAYS, Touched, charge_touched


def announce_price(
    *, plan: Plan, price: Decimal, effective_on: date, reason: str, now: datetime, by: Account
) -> PriceChange:
    """Sets a new price for the running contracts of a plan; the market's VAT rate of today goes with it.

    Nothing is charged or changed by it: each subscription is offered it in its own time. Raises `Refusal`: price_past.
    """
    check_day(plan, effective_on, now=now)
    with transaction.atomic():
        change = PriceChange.objects.create(
            plan=plan,
            price=price,
            vat_rate=plan.market.vat_rate,
            effective_on=effective_on,
            announced_at=now,
            announced_by=by,
        )
        audit.record(
            "price announced",
            account=None,
            by=by,
            now=now,
            subject=plan,
            package=plan.package.code,
            term=plan.term,
            price=price,
            effective_on=effective_on,
            reason=reason,
        )
        return change


def check_day(plan: Plan, effective_on: date, *, now: datetime) -> None:
    """Raises `Refusal` price_past: what has been charged stays as it was."""
    if effective_on < plan.market.local_date(now):
        raise Refusal("price_past", _("A new price can begin today or later, not in the past."))


def touched_by(plan: Plan, *, price: Decimal, effective_on: date) -> SubscriptionQuerySet:
    """The running subscriptions that will be offered this price; those that were ordered since are not."""
    renewing = Subscription.objects.filter(plan=plan, status__in=sorted(CHARGEABLE), ends_on__isnull=True)
    is_agreed = Q(agreed_price=price, agreed_vat_rate=plan.market.vat_rate)
    return _with_agreed(renewing).filter(~is_agreed, activated_on__lt=effective_on)


def offers_to_make(*, market: Market, now: datetime, account_id: int | None = None) -> list[int]:
    """Ids of the subscriptions with a charge in just sixty days that a new price touches. Two queries."""
    charge_day = market.local_date(now) + timedelta(days=OFFER_DAYS)
    changes = _in_force(market=market.pk, on=charge_day)
    if not changes:
        return []
    touched = Q()
    for change in changes:
        is_agreed = Q(agreed_price=change.price, agreed_vat_rate=change.vat_rate)
        touched |= Q(plan=change.plan_id, activated_on__lt=change.effective_on) & ~is_agreed
    offered = PriceOffer.objects.filter(subscription=OuterRef("pk"), charge_on=charge_day)
    renewing = Subscription.objects.filter(
        only(account_id), market=market, next_try_on__isnull=False, ends_on__isnull=True
    )
    due = _with_agreed(_charged_on(renewing, charge_day)).filter(touched).exclude(Exists(offered))
    return list(due.order_by("pk").values_list("pk", flat=True))


def make_offer(*, subscription_id: int, now: datetime) -> PriceOffer | None:
    """Offers the new price for the charge in sixty days, once, and tells the customer; None where none is touched."""
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription_id)
        today = subscription.market.local_date(now)
        if subscription.next_try_on is None:
            return None
        change = _change_for(subscription, today + timedelta(days=OFFER_DAYS))
        touched = _touched(subscription, change, today=today) if change else None
        if change is None or touched is None or touched.offer_on > today or subscription.has_stopped(touched.charge_on):
            return None
        agreed = subscription.agreed_for(touched.index)
        if (agreed.price, agreed.vat_rate) == (change.price, change.vat_rate):
            return None
        return _offer(subscription, change, touched, old_price=agreed.price, now=now)


def _offer(
    subscription: Subscription, change: PriceChange, touched: Touched, *, old_price: Decimal, now: datetime
) -> PriceOffer:
    offer = PriceOffer.objects.create(
        subscription=subscription,
        change=change,
        period_index=touched.index,
        charge_on=touched.charge_on,
        old_price=old_price,
        price=change.price,
        vat_rate=change.vat_rate,
        offered_at=now,
    )
    audit.record(
        "price offered",
        account=subscription.account,
        by=None,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        old_price=old_price,
        price=offer.price,
        charge_on=offer.charge_on,
    )
    tell_price(subscription, offer, now=now)
    return offer


def _touched(subscription: Subscription, change: PriceChange, *, today: date) -> Touched:
    return charge_touched(
        activated_on=subscription.activated_on,
        trial_months=subscription.trial_months,
        term_months=subscription.term_months,
        first=subscription.periods_paid,
        effective_on=change.effective_on,
        today=today,
    )


def _change_for(subscription: Subscription, charge_day: date) -> PriceChange | None:
    changes = _in_force(market=subscription.market_id, on=charge_day)
    own = (change for change in changes if change.plan_id == subscription.plan_id)
    return next((change for change in own if subscription.activated_on < change.effective_on), None)


@written
def _in_force(*, market: Given, on: Given) -> QuerySet[PriceChange]:
    """Of each plan the latest change by that day; of several for one day the one announced last. One query."""
    changes = PriceChange.objects.filter(plan__market=market, effective_on__lte=on)
    return changes.order_by("plan", "-effective_on", "-pk").distinct("plan")


# In the database, so that a night enumerates only whom it has to tell


def _with_agreed(subscriptions: SubscriptionQuerySet) -> SubscriptionQuerySet:
    """With the price and VAT rate that were agreed last."""
    latest = ContractAmendment.objects.filter(subscription=OuterRef("pk")).order_by("-first_index")
    return subscriptions.annotate(
        agreed_price=Coalesce(Subquery(latest.values("price")[:1]), F("price")),
        agreed_vat_rate=Coalesce(Subquery(latest.values("vat_rate")[:1]), F("vat_rate")),
    )


def _charged_on(subscriptions: SubscriptionQuerySet, day: date) -> SubscriptionQuerySet:
    """S5 in the database: those that have a charge to come on just that day."""
    months = Value(day.year * 12 + day.month) - ExtractYear("activated_on") * 12 - ExtractMonth("activated_on")
    paying = subscriptions.filter(term_months__gt=0).annotate(months=months - F("trial_months"))
    whole = Case(When(term_months__gt=0, then=F("months") % F("term_months")), output_field=IntegerField())
    # A date that the month does not have is pulled back to its last day.
    own_day = Q(activation_day__gte=day.day) if _is_last_of_month(day) else Q(activation_day=day.day)
    of_day = paying.annotate(activation_day=ExtractDay("activated_on"), over=whole).filter(own_day)
    return of_day.filter(over=0, months__gte=F("periods_paid") * F("term_months"))


def _is_last_of_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1
