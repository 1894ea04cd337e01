"""Ends that follow from others: add-ons with their base, everything with its car (S12, X7, G6)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Notice
from accounts.notices import texts as notice_texts
from garage.actions.drivers import invite_driver
from garage.models import Membership
from subscriptions.actions.cancel import cancel, cancellation_quote, may_undo
from subscriptions.actions.control import request_control
from subscriptions.actions.leave import removal_quote, remove_vehicle
from subscriptions.actions.offer_control import offer_control
from subscriptions.actions.run import charging_run
from subscriptions.actions.withdraw import withdraw, withdrawal_quote
from subscriptions.models import Payment, Refund, WithdrawalUse
from tests import make
from tests.refusing import refusal_code


@pytest.fixture
def base(car, card, digital_key, gateway):
    """5.00 paid on 10 June 2026 for a month."""
    return make.subscription(car, package=digital_key, term="monthly", gateway=gateway)


@pytest.fixture
def wifi(market, digital_key):
    return make.package("wifi", market=market, prices={"monthly": "5.00", "yearly": "60.00"}, base=digital_key)


@pytest.fixture
def add_on(car, base, wifi, gateway):
    """60.00 paid on 10 June 2026 for a year."""
    return make.subscription(car, package=wifi, gateway=gateway)


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    with time_machine.travel(make.NOW + make.days(20), tick=False):
        yield client


def sealed(page) -> dict[str, str]:
    return {"shown": page.context["seal"]}


def removed(car: Membership, *, after: int, confirmed=None) -> Membership:
    return remove_vehicle(membership=car, confirmed=confirmed, now=make.NOW + make.days(after), by=car.account)


# S12


def test_S12_what_is_shown_for_the_add_on_is_what_is_done(base, add_on, owner, now):
    later = now + make.days(20)
    shown = cancellation_quote(base, now=later)
    cancel(subscription=base, confirmed=shown, now=later, by=owner)
    add_on.refresh_from_db()
    assert (add_on.ends_on, add_on.end_reason) == (shown.add_ons[0].quote.ends_on, "base_ended")
    assert Refund.objects.get().amount == shown.add_ons[0].quote.refund == Decimal("55.00")


def test_X10_an_add_on_ordered_meanwhile_is_shown_first(base, wifi, car, owner, gateway, now):
    shown = cancellation_quote(base, now=now)
    make.subscription(car, package=wifi, gateway=gateway)
    arguments = {"subscription": base, "confirmed": shown, "now": now, "by": owner}
    assert refusal_code(cancel, **arguments) == "quote_changed"


def test_S12_an_add_on_without_a_known_first_charge_is_given_up_and_refunded(
    base, wifi, car, card, owner, market, gateway, now
):
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="timeout_charged")
    waiting = make.subscription(car, package=wifi, gateway=gateway)
    assert waiting.is_pending
    cancel(subscription=base, confirmed=None, now=now, by=owner)
    charging_run(market=market, now=now, gateway=gateway)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.payments.get().refundable) == ("abandoned", Decimal("0.00"))


def test_S12_a_base_that_is_withdrawn_from_takes_its_add_ons_along(base, add_on, owner, now):
    shown = withdrawal_quote(base, now=now)
    withdraw(subscription=base, confirmed=shown, now=now, by=owner)
    add_on.refresh_from_db()
    assert (add_on.status, add_on.end_reason, WithdrawalUse.objects.count()) == ("ended", "base_ended", 1)
    assert not Payment.objects.exclude(refunded=Decimal("60.00")).exclude(refunded=Decimal("5.00")).exists()


def test_X8_an_add_on_can_be_taken_back_only_with_its_base(base, wifi, car, owner, gateway, now):
    add_on = make.subscription(car, package=wifi, term="monthly", gateway=gateway)
    cancel(subscription=base, confirmed=None, now=now, by=owner)
    add_on.refresh_from_db()
    assert not may_undo(add_on, now=now)


def test_an_end_that_follows_is_told_with_its_reason(base, add_on, owner, now):
    cancel(subscription=base, confirmed=None, now=now + make.days(20), by=owner)
    notices = owner.notices.filter(kind="cancellation_confirmed").order_by("pk")
    assert [notice.facts.get("reason", "") for notice in notices] == ["", "base_ended"]


def test_the_pages_show_each_add_on(signed_in, base, add_on):
    page = signed_in.get(reverse("cancellation", args=[base.public_id]))
    assert "Wifi" in page.text
    assert "€55.00" in page.text
    signed_in.post(reverse("cancellation", args=[base.public_id]), sealed(page))
    add_on.refresh_from_db()
    assert add_on.ends_on == date(2026, 7, 10)


def test_the_withdrawal_page_shows_each_add_on(client, owner, base, add_on):
    client.force_login(owner)
    with time_machine.travel(make.NOW, tick=False):
        page = client.get(reverse("withdraw", args=[base.public_id]))
    assert "Wifi" in page.text
    assert "€60.00" in page.text


# X7, G6


def test_G6_the_next_car_is_selected_and_control_is_given_up(car, owner, now):
    second, third = make.active_car(owner, 2), make.active_car(owner, 3)
    left = removed(car, after=1)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (left.ended_at, left.is_active) == (now + make.days(1), False)
    assert (second.is_selected, third.is_selected) == (True, False)


def test_G6_a_link_without_control_is_just_removed(car, base, stranger, market):
    other = make.add_vehicle(account=stranger, vin=car.vehicle.vin, now=make.NOW, by=stranger)
    assert removal_quote(other, now=make.NOW).ends == ()
    removed(other, after=0)
    base.refresh_from_db()
    assert base.is_in_service


def test_G3_after_a_removal_another_account_may_take_control(car, stranger, now):
    other = make.add_vehicle(account=stranger, vin=car.vehicle.vin, now=now, by=stranger)
    removed(car, after=0)
    taken = make.prove_access(membership=other, odometer_km=make.ODOMETER_KM, now=now, by=stranger)
    assert taken.is_active


def test_X7_several_ended_by_one_removal_use_the_right_once(car, base, add_on, owner):
    shown = removal_quote(car, now=make.NOW)
    assert shown.refund == Decimal("65.00")
    removed(car, after=0, confirmed=shown)
    assert (WithdrawalUse.objects.count(), Refund.objects.count()) == (1, 2)


def test_X10_a_removal_that_has_changed_is_shown_again(car, base, add_on):
    shown = removal_quote(car, now=make.NOW)
    arguments = {"membership": car, "confirmed": shown, "now": make.NOW + make.days(20), "by": car.account}
    assert refusal_code(remove_vehicle, **arguments) == "quote_changed"
    car.refresh_from_db()
    assert car.ended_at is None


def test_an_end_that_had_come_before_keeps_its_reason(car, base, add_on, owner):
    """The jobs have stood still since: the removal meets the ends first."""
    cancel(subscription=base, confirmed=None, now=make.NOW, by=owner)
    removed(car, after=60)
    base.refresh_from_db()
    add_on.refresh_from_db()
    assert [(row.status, row.end_reason) for row in (base, add_on)] == [("ended", "cancelled"), ("ended", "base_ended")]


def test_a_car_leaves_once(car):
    removed(car, after=0)
    arguments = {"membership": car, "confirmed": None, "now": make.NOW, "by": car.account}
    assert refusal_code(remove_vehicle, **arguments) == "no_vehicle"


def test_the_page_shows_everything_before_it_removes(signed_in, car, base, add_on):
    address = reverse("vehicle_removal", args=[car.public_id])
    assert address in signed_in.get(reverse("vehicle", args=[car.public_id])).text
    page = signed_in.get(address)
    assert [end.quote.refund for end in page.context["ends"]] == [Decimal("55.00"), Decimal("0.00")]
    # The paid month can be used up first.
    assert reverse("cancellation", args=[base.public_id]) in page.text
    assert signed_in.post(address, sealed(page)).url == reverse("garage")
    assert not Membership.objects.current().exists()


def test_G6_the_page_shows_drivers_an_offer_and_a_request_that_end_with_the_car(signed_in, car, base, stranger):
    facts = {"now": make.NOW + make.days(20), "by": car.account}
    address = reverse("vehicle_removal", args=[car.public_id])
    before = signed_in.get(address)
    assert "have no access any more" not in before.text
    for name in ("one", "two"):
        invite_driver(membership=car, email=f"{name}@example.com", last_on=None, **facts)
    offer_control(membership=car, email="heir@example.com", confirmed=None, **facts)
    asking = make.verified(stranger, car.vehicle)
    request_control(membership=asking, now=facts["now"], by=stranger)
    shown_again = signed_in.post(address, sealed(before))
    for said in ("changed since", "2 drivers whom you", "Your offer of control ends", "asked for control. It has it"):
        assert said in shown_again.text
    assert signed_in.post(address, sealed(shown_again)).url == reverse("garage")


def test_X7_who_has_left_the_car_is_not_told_to_order_again_in_the_portal(car, base, owner):
    removed(car, after=20)
    said = notice_texts.body(Notice.objects.get(account=owner, kind="subscription_ended"))
    assert "Nothing further is charged for it." in said
    assert "order it again" not in said


def test_without_what_was_shown_nothing_is_removed(signed_in, car, base):
    page = signed_in.post(reverse("vehicle_removal", args=[car.public_id]), {"shown": "forged"})
    assert "Something has changed" in page.text
    assert Membership.objects.current().exists()
