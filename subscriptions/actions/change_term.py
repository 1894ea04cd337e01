"""Changing the term (S8): the running one is cancelled as confirmed, and the new one is planned for its end.

The new one is an order of its own, made with the button that obliges to pay: nothing is ordered or charged by a plan.
"""

from datetime import date, datetime
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.models import Account
from garage.models import Membership
from portal import audit
from portal.models import Market
from portal.querying.written import Given, written
from portal.refusals import Refusal
from subscriptions.actions.cancel import cancel, cancellation_quote
from subscriptions.actions.subscribe import gets_trial
from subscriptions.actions.whose import given, only
from subscriptions.models import Plan, PlannedChange, Subscription
from subscriptions.notices.telling import path_for, tell_term_can_begin
from subscriptions.rules.periods import TRIAL_MONTHS
from subscriptions.rules.term_change import TermChange, change_of_term


def terms_to_change_to(subscription: Subscription) -> list[Plan]:
    """The other plans of its package that can be ordered, cheapest first; none for a complimentary one."""
    if subscription.is_complimentary or not subscription.is_in_service or subscription.discontinued_on:
        return []
    plans = _on_offer(package=subscription.package_id, market=subscription.market_id)
    return [plan for plan in plans if plan.term != subscription.term]


@written
def _on_offer(*, package: Given, market: Given) -> QuerySet[Plan]:
    return Plan.objects.on_offer().filter(package=package, market=market).order_by("price")


def term_change(subscription: Subscription, plan: Plan, *, now: datetime) -> TermChange:
    """Both sides of changing now. Raises `Refusal`: not_offered, nothing_to_cancel."""
    if plan not in terms_to_change_to(subscription):
        raise Refusal("not_offered", _("This term is not offered for your subscription."))
    today = subscription.market.local_date(now)
    ends_on = subscription.ends_on
    return change_of_term(
        term=plan.term,
        term_months=plan.term_months,
        trial_months=TRIAL_MONTHS if gets_trial(subscription.account, plan.package) else 0,
        price=plan.price,
        end=cancellation_quote(subscription, now=now) if ends_on is None else None,
        ends_on=ends_on or today,
        today=today,
    )


def change_term(
    *, subscription: Subscription, plan: Plan, confirmed: TermChange | None, now: datetime, by: Account
) -> PlannedChange | None:
    """Ends the running term as confirmed and keeps what is planned; None where the new one can be ordered at once.

    Raises `Refusal`: barred, not_offered, nothing_to_cancel, quote_changed (X10).
    """
    check_not_barred(by, now=now)
    with transaction.atomic():
        Account.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.account_id)
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.pk)
        change = term_change(subscription, plan, now=now)
        if confirmed is not None and confirmed != change:
            raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))
        if change.end is not None:
            cancel(subscription=subscription, confirmed=change.end, now=now, by=by)
        if change.is_at_once(subscription.market.local_date(now)):
            return None
        return _plan(subscription, plan, begins_on=change.begins_on, now=now, by=by)


def _plan(subscription: Subscription, plan: Plan, *, begins_on: date, now: datetime, by: Account) -> PlannedChange:
    PlannedChange.objects.waiting().filter(subscription=subscription).update(dropped_at=now)
    planned = PlannedChange.objects.create(subscription=subscription, plan=plan, begins_on=begins_on, planned_at=now)
    audit.record(
        "term change planned",
        account=subscription.account,
        by=by,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        term=plan.term,
        begins_on=begins_on,
    )
    return planned


def terms_to_begin(*, market: Market, now: datetime, account_id: int | None = None) -> list[int]:
    """Ids of the planned changes whose day has come and was not met yet. One query."""
    return _to_begin(**given(market, account_id), today=market.local_date(now))


@written
def _to_begin(*, market: Given, today: Given, account: Given | None = None) -> QuerySet[PlannedChange, int]:
    waiting = PlannedChange.objects.waiting().filter(
        only(account, path="subscription__account"), subscription__market=market
    )
    return waiting.filter(begins_on__lte=today).order_by("begins_on", "pk").values_list("pk", flat=True)


def tell_term_begins(*, planned_id: int, now: datetime) -> bool:
    """Leads the customer to the order, with the term chosen; False where there is nothing to order any more."""
    with transaction.atomic():
        planned = PlannedChange.objects.select_for_update(of=["self"], no_key=True).get(pk=planned_id)
        if planned.told_at or planned.dropped_at:
            return False
        planned.told_at = now
        planned.save(update_fields=["told_at"])
        path = checkout_path(planned.subscription, planned.plan)
        return bool(path) and tell_term_can_begin(planned, path=path, now=now)


def checkout_path(subscription: Subscription, plan: Plan) -> str:
    """The order's summary; nothing where the car is not the account's any more, or has the package again."""
    of_car = Membership.objects.current().filter(account=subscription.account_id, vehicle=subscription.vehicle_id)
    membership = of_car.filter(is_active=True).first()
    running = Subscription.objects.live().filter(vehicle=subscription.vehicle_id, package=subscription.package_id)
    if membership is None or running.exclude(pk=subscription.pk).exists():
        return ""
    path = path_for(subscription.account, "checkout_summary", membership.public_id, subscription.package.code)
    return f"{path}?{urlencode({'term': plan.term})}"
