"""Ordering: what is refused (C3, C4, C7, S7, S11, S12), and what an order leaves behind (S3, S10)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.models import TermsVersion
from garage.models import Vehicle
from subscriptions.actions import wallet
from subscriptions.actions.cancel import cancel
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.run import charging_run
from subscriptions.actions.subscribe import subscribe
from subscriptions.models import Contract, Payment, Plan, Subscription, TrialUse
from tests import make
from tests.refusing import assert_append_only, refusal_code


def order_arguments(car, plan, *, gateway, now=make.NOW, order_key=None) -> dict:
    who = {"account": car.account, "vehicle": car.vehicle, "by": car.account}
    what = {"plan": plan, "order_key": order_key or uuid4(), "order_text": "I order."}
    return who | what | {"now": now, "gateway": gateway}


def code_of_order(car, package, *, gateway, term="yearly", now=make.NOW) -> str:
    plan = Plan.objects.get(package=package, term=term)
    return refusal_code(subscribe, **order_arguments(car, plan, gateway=gateway, now=now))


# Refusals


def test_C7_only_the_active_account_orders(car, stranger, card, navigation, gateway):
    plan = Plan.objects.get(package=navigation, term="yearly")
    arguments = order_arguments(car, plan, gateway=gateway) | {"account": stranger, "by": stranger}
    assert refusal_code(subscribe, **arguments) == "no_vehicle"


def test_C3_nothing_is_ordered_without_the_accepted_terms(market, car, card, navigation, gateway, now):
    TermsVersion.objects.create(market=market, version="2026-06", effective_at=now, texts={"en": "New."})
    assert code_of_order(car, navigation, gateway=gateway) == "terms_missing"


def test_C2_a_package_that_the_car_cannot_have_is_not_offered(market, car, card, gateway):
    electric = make.package("coaching", market=market, powertrains=["electric"])
    assert code_of_order(car, electric, gateway=gateway) == "not_offered"


def test_a_plan_that_is_no_longer_offered_is_refused(car, card, navigation, gateway):
    Plan.objects.filter(package=navigation).update(is_offered=False)
    assert code_of_order(car, navigation, gateway=gateway) == "not_offered"


def test_C4_a_paid_plan_is_not_sold_before_the_free_years_end(market, owner, card, gateway, now):
    remote = make.package("remote", market=market, complimentary_months={"default": 48})
    car = make.active_car(owner, warranty_start=date(2022, 6, 11))
    assert code_of_order(car, remote, gateway=gateway) == "complimentary_running"
    on_the_end_day = now + make.days(1)
    assert make.subscription(car, package=remote, gateway=gateway, now=on_the_end_day).status == "paid"


def test_C4_nor_before_they_begin(market, owner, card, gateway):
    remote = make.package("remote", market=market, complimentary_months={"default": 48})
    car = make.active_car(owner, warranty_start=date(2026, 6, 20))
    assert code_of_order(car, remote, gateway=gateway) == "complimentary_running"
    assert not Subscription.objects.exists()


def test_S7_a_package_runs_once_on_a_car(car, card, navigation, gateway):
    make.subscription(car, package=navigation, gateway=gateway)
    assert code_of_order(car, navigation, gateway=gateway, term="monthly") == "already_subscribed"
    with pytest.raises(IntegrityError, match="subscription_one_live_per_package"), transaction.atomic():
        Subscription.objects.create(**_copied(Subscription.objects.get()) | {"order_key": uuid4()})


def _copied(subscription: Subscription) -> dict:
    fields = [field.attname for field in Subscription._meta.fields if field.attname not in {"id", "public_id"}]
    return {name: getattr(subscription, name) for name in fields}


def test_X8_a_new_order_waits_for_the_end_date_of_the_old_one(car, card, digital_key, gateway, now, owner):
    old = make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    cancel(subscription=old, confirmed=None, now=now, by=owner)
    assert code_of_order(car, digital_key, gateway=gateway, now=now + make.days(29)) == "already_subscribed"
    new = make.subscription(car, package=digital_key, gateway=gateway, now=now + make.days(30))
    old.refresh_from_db()
    assert (old.status, new.status) == ("ended", "paid")


class TestAnAddOn:
    """S12: it needs its base, in any state in which the base goes on."""

    @pytest.fixture
    def base(self, market):
        free = {"MM21": 48}
        return make.package("base", market=market, gives_trial=True, complimentary_months=free)

    @pytest.fixture
    def add_on(self, market, base):
        return make.package("add-on", market=market, base=base)

    def test_is_refused_without_its_base(self, car, card, add_on, gateway):
        assert code_of_order(car, add_on, gateway=gateway) == "base_missing"

    def test_is_sold_with_a_base_in_trial(self, car, card, base, add_on, gateway):
        make.subscription(car, package=base, gateway=gateway)
        assert make.subscription(car, package=add_on, gateway=gateway).status == "paid"

    def test_is_refused_once_the_base_has_an_end(self, car, card, base, add_on, gateway, now, owner):
        running = make.subscription(car, package=base, gateway=gateway)
        cancel(subscription=running, confirmed=None, now=now, by=owner)
        assert code_of_order(car, add_on, gateway=gateway) == "base_missing"

    def test_is_sold_in_the_bases_free_years_up_to_their_end(self, owner, card, base, add_on, gateway, now):
        car = make.active_car(owner, warranty_start=date(2022, 6, 20))
        activate_complimentary(account=owner, vehicle=car.vehicle, package=base, now=now, by=owner)
        # No run has met the end yet.
        assert code_of_order(car, add_on, gateway=gateway, now=now + make.days(10)) == "base_missing"
        assert make.subscription(car, package=add_on, gateway=gateway, now=now + make.days(9)).status == "paid"


def test_S11_ordering_needs_a_card_with_a_trial_too(car, navigation, gateway):
    assert code_of_order(car, navigation, gateway=gateway) == "no_card"


def test_S11_an_expired_primary_card_is_refused(car, card, navigation, gateway):
    type(card).objects.filter(pk=card.pk).update(exp_year=2026, exp_month=5)
    assert code_of_order(car, navigation, gateway=gateway) == "card_expired"


def test_S11_a_card_refused_for_good_is_refused(car, digital_key, navigation, gateway, owner):
    make.card(owner, gateway=gateway, behaves="stolen")
    assert code_of_order(car, digital_key, gateway=gateway) == "first_charge_declined"
    assert code_of_order(car, navigation, gateway=gateway) == "card_refused"


# First charges


@pytest.mark.parametrize(
    ("behaves", "code"),
    [
        ("insufficient_funds", "first_charge_declined"),
        ("needs_authentication", "first_charge_declined"),
        ("expired", "first_charge_declined"),
        ("provider_down", "provider_down"),
    ],
)
def test_S11_a_first_charge_that_fails_activates_nothing(car, digital_key, gateway, owner, behaves, code):
    make.card(owner, gateway=gateway, behaves=behaves)
    assert code_of_order(car, digital_key, gateway=gateway) == code
    assert Subscription.objects.get().status == "abandoned"
    assert not Contract.objects.exists()
    assert not owner.notices.exists()
    assert gateway.charges() == []


def test_S11_the_same_customer_may_order_again_with_another_card(car, digital_key, gateway, owner, now):
    make.card(owner, gateway=gateway, behaves="insufficient_funds")
    code_of_order(car, digital_key, gateway=gateway)
    better = make.card(owner, gateway=gateway, nth=1)
    wallet.make_primary(card=better, now=now, by=owner)
    assert make.subscription(car, package=digital_key, gateway=gateway).status == "paid"


def test_P4_an_unknown_first_charge_waits_and_blocks_a_second_order(car, digital_key, gateway, owner, market, now):
    make.card(owner, gateway=gateway, behaves="timeout_charged")
    waiting = make.subscription(car, package=digital_key, gateway=gateway)
    assert (waiting.status, Payment.objects.get().status) == ("pending", "unknown")
    assert code_of_order(car, digital_key, gateway=gateway) == "already_subscribed"
    charging_run(market=market, now=now + make.days(2), gateway=gateway)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.activated_on) == ("paid", date(2026, 6, 10))
    assert len(gateway.charges()) == 1


def test_P4_an_unknown_first_charge_that_was_not_made_is_not_made_later(car, digital_key, gateway, owner, market, now):
    make.card(owner, gateway=gateway, behaves="timeout_not_charged")
    waiting = make.subscription(car, package=digital_key, gateway=gateway)
    charging_run(market=market, now=now + make.days(1), gateway=gateway)
    waiting.refresh_from_db()
    assert waiting.status == "abandoned"
    assert gateway.charges() == []


# What an order leaves


def test_the_same_form_sent_twice_orders_once(car, card, digital_key, gateway):
    plan = Plan.objects.get(package=digital_key, term="monthly")
    arguments = order_arguments(car, plan, gateway=gateway)
    assert subscribe(**arguments) == subscribe(**arguments)
    assert len(gateway.charges()) == 1


def test_a_refused_form_sent_twice_is_refused_twice(car, digital_key, gateway, owner):
    make.card(owner, gateway=gateway, behaves="insufficient_funds")
    plan = Plan.objects.get(package=digital_key, term="monthly")
    arguments = order_arguments(car, plan, gateway=gateway)
    assert [refusal_code(subscribe, **arguments) for _ in range(2)] == ["first_charge_declined"] * 2
    assert Payment.objects.count() == 1


def test_S3_the_trial_is_given_once_per_package_and_account(owner, car, card, navigation, gateway, now):
    first = make.subscription(car, package=navigation, gateway=gateway)
    cancel(subscription=first, confirmed=None, now=now, by=owner)
    second_car = make.active_car(owner, 2)
    second = make.subscription(second_car, package=navigation, term="monthly", gateway=gateway)
    assert (first.status, first.next_charge_on) == ("trial", date(2026, 7, 10))
    assert (second.status, second.trial_months, second.periods_paid) == ("paid", 0, 1)
    with pytest.raises(IntegrityError, match="trial_once_per_package"), transaction.atomic():
        TrialUse.objects.create(account=owner, package=navigation, subscription=second, used_at=now)


def test_S3_another_account_has_its_own_trial(stranger, car, card, navigation, gateway):
    make.subscription(car, package=navigation, gateway=gateway)
    theirs = make.active_car(stranger, 2)
    make.card(stranger, gateway=gateway)
    assert make.subscription(theirs, package=navigation, gateway=gateway).status == "trial"


def test_S10_the_contract_keeps_what_was_agreed_for_ever(car, card, navigation, gateway):
    subscription = make.subscription(car, package=navigation, gateway=gateway)
    Plan.objects.update(price=Decimal("500.00"))
    contract = Contract.objects.get(subscription=subscription)
    assert (contract.order_text, contract.agreed["price"], contract.agreed["first_charge_on"]) == (
        "I order.",
        "99.00",
        "2026-07-10",
    )
    assert_append_only(contract)


def test_S10_a_running_contract_is_charged_at_its_own_price(market, car, card, navigation, gateway):
    make.subscription(car, package=navigation, gateway=gateway)
    Plan.objects.update(price=Decimal("500.00"))
    charging_run(market=market, now=datetime(2026, 7, 10, 3, tzinfo=UTC), gateway=gateway)
    assert Payment.objects.get().amount == Decimal("99.00")


# Free years


@pytest.mark.parametrize(
    ("warranty_start", "multimedia", "ends_on"),
    [(date(2024, 6, 1), "MM21", date(2028, 6, 1)), (date(2024, 6, 1), "MM17", date(2027, 6, 1))],
)
def test_C4_taking_it_up_later_does_not_move_the_end(market, owner, now, warranty_start, multimedia, ends_on):
    remote = make.package("remote", market=market, complimentary_months={"MM21": 48, "default": 36})
    car = make.active_car(owner, warranty_start=warranty_start, multimedia=multimedia)
    taken = activate_complimentary(account=owner, vehicle=car.vehicle, package=remote, now=now, by=owner)
    assert (taken.status, taken.ends_on, taken.next_charge_on) == ("complimentary", ends_on, None)


def test_C4_without_a_warranty_start_the_purchase_date_decides(market, owner, now):
    remote = make.package("remote", market=market, complimentary_months={"default": 36})
    car = make.active_car(owner)
    Vehicle.objects.filter(pk=car.vehicle_id).update(warranty_start=None, purchased_on=date(2025, 1, 5))
    vehicle = Vehicle.objects.get(pk=car.vehicle_id)
    taken = activate_complimentary(account=owner, vehicle=vehicle, package=remote, now=now, by=owner)
    assert taken.ends_on == date(2028, 1, 5)


@pytest.mark.parametrize("warranty_start", [date(2018, 1, 1), None])
def test_C4_outside_the_period_there_is_nothing_to_take_up(market, owner, now, warranty_start):
    remote = make.package("remote", market=market, complimentary_months={"default": 36})
    car = make.active_car(owner, warranty_start=warranty_start)
    arguments = {"account": owner, "vehicle": car.vehicle, "package": remote, "now": now, "by": owner}
    assert refusal_code(activate_complimentary, **arguments) == "not_offered"
