"""S8: changing the term ends the running one first; the new one is an order of its own."""

from datetime import date
from decimal import Decimal

from accounts.models import Notice
from subscriptions.actions.cancel import cancel, undo_cancellation
from subscriptions.actions.change_term import change_term, checkout_path, term_change, terms_to_change_to
from subscriptions.actions.discontinue import discontinue_package
from subscriptions.actions.leave import remove_vehicle
from subscriptions.models import Plan, PlannedChange, Refund, Subscription
from tests import make
from tests.clean_ledger import _the_ledger_adds_up as _the_ledger_adds_up
from tests.refusing import refused
from tests.subscriptions.running_plans import at, fresh
from tests.subscriptions.running_plans import monthly as monthly
from tests.subscriptions.running_plans import run as run
from tests.subscriptions.running_plans import yearly as yearly


def change(subscription, term: str, on: str):
    subscription = fresh(subscription)
    plan = Plan.objects.get(package=subscription.package, term=term)
    shown = term_change(subscription, plan, now=at(on))
    return change_term(subscription=subscription, plan=plan, confirmed=shown, now=at(on), by=subscription.account)


def test_S8_the_running_term_is_cancelled_as_shown_and_the_new_one_planned(yearly, deliver):
    planned = change(yearly, "monthly", "2026-09-20")
    assert (planned.begins_on, planned.plan.term) == (date(2026, 10, 10), "monthly")
    assert (fresh(yearly).ends_on, fresh(yearly).end_reason) == (date(2026, 10, 10), "cancelled")
    assert Refund.objects.get().amount == Decimal("40.00")
    deliver()


def test_S8_on_its_day_the_customer_is_led_to_the_order_once_and_nothing_is_ordered(yearly, run, deliver, car):
    change(yearly, "monthly", "2026-09-20")
    deliver()
    run("2026-10-09")
    assert not Notice.objects.filter(kind="term_change_ready").exists()
    run("2026-10-10", "2026-10-10", "2026-10-11")
    notice = Notice.objects.get(kind="term_change_ready")
    assert notice.facts["url"].endswith(f"/services/{car.public_id}/digital-key/order/summary/?term=monthly")
    assert (notice.facts["term"], notice.facts["price"]) == ("monthly", "5.00")
    assert Subscription.objects.count() == 1


def test_S8_where_it_ends_at_once_the_new_term_can_be_ordered_at_once(yearly, gateway, car, digital_key, deliver):
    assert change(yearly, "monthly", "2026-06-10") is None
    assert fresh(yearly).status == "ended"
    assert not PlannedChange.objects.exists()
    assert checkout_path(yearly, Plan.objects.get(package=digital_key, term="monthly")).endswith("?term=monthly")
    assert make.subscription(car, package=digital_key, term="monthly", gateway=gateway).status == "paid"
    deliver()


def test_S8_from_a_free_month_there_is_no_second_one(car, card, navigation, gateway):
    trial = make.subscription(car, package=navigation, gateway=gateway)
    shown = term_change(trial, Plan.objects.get(package=navigation, term="monthly"), now=at("2026-06-20"))
    assert (shown.begins_on, shown.first_charge_on) == (date(2026, 7, 10), date(2026, 7, 10))


def test_X8_taking_the_cancellation_back_drops_the_plan(monthly, run):
    change(monthly, "yearly", "2026-06-20")
    undo_cancellation(subscription=monthly, now=at("2026-06-21"), by=monthly.account)
    assert PlannedChange.objects.get().dropped_at == at("2026-06-21")
    run("2026-07-10")
    assert not Notice.objects.filter(kind="term_change_ready").exists()
    assert fresh(monthly).status == "paid"


def test_S8_of_what_is_cancelled_already_only_the_plan_is_made_and_the_last_one_counts(car, card, navigation, gateway):
    trial = make.subscription(car, package=navigation, gateway=gateway)
    cancel(subscription=trial, confirmed=None, now=at("2026-06-20"), by=trial.account)
    change(trial, "monthly", "2026-06-21")
    change(trial, "four-yearly", "2026-06-22")
    assert PlannedChange.objects.waiting().get().plan.term == "four-yearly"
    assert fresh(trial).ends_on == date(2026, 7, 10)


def test_S8_a_car_that_has_left_is_led_nowhere(car, monthly, run):
    change(monthly, "yearly", "2026-06-20")
    remove_vehicle(membership=car, confirmed=None, now=at("2026-06-30"), by=monthly.account)
    run("2026-07-10")
    assert not Notice.objects.filter(kind="term_change_ready").exists()
    assert not PlannedChange.objects.waiting().exists()


def test_X10_what_was_shown_yesterday_is_not_done_today(yearly):
    plan = Plan.objects.get(package=yearly.package, term="monthly")
    shown = term_change(yearly, plan, now=at("2026-09-10"))
    with refused("quote_changed"):
        change_term(subscription=yearly, plan=plan, confirmed=shown, now=at("2026-09-11"), by=yearly.account)
    assert fresh(yearly).ends_on is None


def test_S8_its_own_term_and_what_is_not_sold_are_no_change(market, yearly, stranger, now):
    own = Plan.objects.get(pk=yearly.plan_id)
    with refused("not_offered"):
        term_change(yearly, own, now=now)
    assert [plan.term for plan in terms_to_change_to(yearly)] == ["monthly"]
    discontinue_package(
        package=yearly.package, market=market, ends_on=date(2026, 12, 1), reason="over", now=now, by=stranger
    )
    assert terms_to_change_to(fresh(yearly)) == []
